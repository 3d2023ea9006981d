"""Personal data (PIPL): copies of what is held of a person, and its end; all by `helpdesk/store/holdings.py`."""
