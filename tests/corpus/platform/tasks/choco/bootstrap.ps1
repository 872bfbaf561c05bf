[CmdletBinding()]
param()
$ProgressPreference = 'SilentlyContinue'
$folder = Join-Path $env:TEMP 'choco'
New-Item -ItemType Directory -Force $folder | Out-Null
Invoke-WebRequest -UseBasicParsing -Uri http://packages.contoso.example/chocolatey.nupkg -OutFile "$folder\choco.zip"
Expand-Archive "$folder\choco.zip" $folder -Force
& "$folder\tools\chocolateyInstall.ps1"
