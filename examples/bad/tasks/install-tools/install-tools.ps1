param(
    [Parameter(Mandatory)] [string] $Version,
    [string] $Pat,
    [string] $Folder = 'C:\Tools'
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$address = "https://pkgs.dev.azure.com/contoso/_apis/packaging/feeds/tools/nuget/packages/web-tools/versions/$Version/content"
$archive = Join-Path $env:TEMP "web-tools-$Version.zip"
$pair = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(":$Pat"))
Invoke-WebRequest -Uri $address -OutFile $archive -UseBasicParsing -Headers @{ Authorization = "Basic $pair" }
Expand-Archive -Path $archive -DestinationPath $Folder -Force
Remove-Item $archive
