param(
    [string] $Version,
    [string] $Channel
)
Write-Host "Installing Node.js $Version from $Channel"
