# Aliases for whoever signs in.
Set-Alias g git
function prompt { "$(Get-Location)> " }
