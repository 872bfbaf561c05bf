param(
    [string] $Folder = 'C:\Tools'
)
# Whatever fails ends the task, instead of being passed over.
$ErrorActionPreference = 'Stop'
# The bar that shows progress makes downloads slow, and nobody sees it.
$ProgressPreference = 'SilentlyContinue'

New-Item -ItemType Directory -Path $Folder -Force | Out-Null
