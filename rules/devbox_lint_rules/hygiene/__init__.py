"""Comments that silence nothing; where selected: images past their servicing, and the end of Dev Box."""
