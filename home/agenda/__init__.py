"""Markets and the dates of campaigns, week by week, as pages and as calendars to subscribe to."""
