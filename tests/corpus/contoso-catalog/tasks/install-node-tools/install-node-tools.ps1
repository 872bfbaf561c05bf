param(
    [Parameter(Mandatory)] [string] $Tools,
    [string] $Registry = 'https://registry.npmjs.org/'
)
$ErrorActionPreference = 'Stop'
foreach ($tool in $Tools -split ',') {
    npm install --global --registry $Registry $tool
    if ($LASTEXITCODE -ne 0) { throw "npm could not install $tool" }
}
