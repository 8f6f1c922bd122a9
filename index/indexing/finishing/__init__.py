"""Finishing a generation: its confidence scales, the proof that it is whole, the switch to it.

``calibrate`` sets the scales, ``validate`` proves what was written, ``seal`` describes and publishes it; ``successor``
publishes one that shares all but a few files with the one before.
"""
