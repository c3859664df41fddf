"""What pacing and anomalies are made of: the calendar, weekday and season shapes, series, long horizons."""
