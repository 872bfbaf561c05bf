"""Tasks and parameters that do not exist, values that they do not take, scripts that are not there."""
