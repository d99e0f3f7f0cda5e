"""How it is going: today, the streak, and the charts of the last days."""
