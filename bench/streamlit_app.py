"""What the workbook is held against: a minimal Streamlit app with six sliders, 65,536 draws and three charts."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

DRAWS = 65_536
NAMES = ("Volume", "Effect", "Value", "Cost", "Harm", "Running")

middles = [st.slider(name, 1, 100, 50) for name in NAMES]
noise = np.random.default_rng(7).standard_normal((len(NAMES), DRAWS))
volume, effect, value, cost, harm, running = np.array(middles)[:, None] * np.exp(0.3 * noise)
gross = volume * effect * value
payoff = gross - volume * (cost + harm) - running

st.metric("Payoff", f"{payoff.mean():,.0f}")
for name, draws in {"Gross": gross, "Payoff": payoff, "Cost": volume * (cost + harm) + running}.items():
    counts, edges = np.histogram(draws, bins=40)
    chart = go.Figure(go.Bar(x=0.5 * (edges[1:] + edges[:-1]), y=counts))
    chart.update_layout(height=220, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    st.plotly_chart(chart, key=name)
