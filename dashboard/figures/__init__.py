"""Tables in, Plotly figures out; no ids, no callbacks."""
