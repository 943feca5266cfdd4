"""Prints a slide's levels and writes the regions that are asked for as RGB, one after another: OpenSlide's own reading."""
import json
import sys

import openslide

path, out, asked = sys.argv[1:]
slide = openslide.OpenSlide(path)
with open(out, "wb") as file:
    for region in json.loads(asked):
        scale = slide.level_downsamples[region["level"]]
        place = (round(region["x"] * scale), round(region["y"] * scale))
        image = slide.read_region(place, region["level"], (region["width"], region["height"]))
        file.write(image.convert("RGB").tobytes())
print(json.dumps(slide.level_dimensions))
