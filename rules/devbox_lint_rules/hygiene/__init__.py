"""Comments that suppress nothing; where selected: images past their servicing, and the end of Dev Box."""
