param(
    [ValidateSet('Developer', 'Express')] [string] $Edition,
    [string] $Password
)
Write-Host "Installing SQL Server $Edition"
$version = $Edition ? 'set' : 'unset'
Start-Process setup.exe -ArgumentList "/SAPWD=$Password" -Wait && Write-Host 'done'
Read-Host 'Press Enter to go on'
