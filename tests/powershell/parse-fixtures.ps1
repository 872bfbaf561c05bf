# Holds what DBX713 says of the scripts in a folder, which fixtures.py wrote, against PowerShell's own parser.
# Windows PowerShell 5.1 is what decides; newer ones take more, so that they are asked of what can be parsed alone.
param(
    [Parameter(Mandatory)] [string] $Folder
)
$ErrorActionPreference = 'Stop'
$index = Get-Content -Raw -Path (Join-Path $Folder 'index.json') | ConvertFrom-Json
$wrong = 0
$count = 0
foreach ($entry in $index.PSObject.Properties) {
    $count++
    $tokens = $null
    $errors = $null
    $path = Join-Path (Resolve-Path $Folder) $entry.Name
    [void] [System.Management.Automation.Language.Parser]::ParseFile($path, [ref] $tokens, [ref] $errors)
    if ($entry.Value -and $errors.Count -gt 0) {
        $wrong++
        Write-Host "$($entry.Name): held for right, and cannot be parsed: line $($errors[0].Extent.StartLineNumber): $($errors[0].Message)"
        Write-Host (Get-Content -Raw -Path $path)
    }
    elseif (-not $entry.Value -and $errors.Count -eq 0 -and $PSVersionTable.PSVersion.Major -lt 6) {
        $wrong++
        Write-Host "$($entry.Name): held for wrong, and can be parsed"
        Write-Host (Get-Content -Raw -Path $path)
    }
}
Write-Host "PowerShell $($PSVersionTable.PSVersion): $count scripts, $wrong of which are held for what they are not"
if ($wrong -gt 0) { exit 1 }
