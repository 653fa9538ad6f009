"""The parts of the HTML page: markup that cannot be injected into, curves as SVG, heat maps, findings, what was tried."""
