"""The medical insurance office of a city: it reviews applications by a scripted table."""
