"""Reads slides by the native library OpenSlide for a parent process, so that a fault of the library ends this process alone.

Arguments: the path of the library. Requests are lines of JSON on standard input; each is answered by a line of JSON and as
many bytes as that tells, pixels as OpenSlide has them (premultiplied, four bytes each). Ends with its input.
"""
import ctypes
import json
import os
import resource
import sys
from collections import OrderedDict

OPEN_MAX = 4
MEMORY_MAX_BYTES = 4 * 1024**3

try:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
except (OSError, ValueError):
    pass  # macOS knows no such limit
# What the library prints must not be taken for an answer.
answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)

library = ctypes.CDLL(sys.argv[1])
pointer, text, int32, int64 = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.c_int64
SIGNATURES = {
    "get_version": (text, []),
    "open": (pointer, [text]),
    "close": (None, [pointer]),
    "get_error": (text, [pointer]),
    "get_level_count": (int32, [pointer]),
    "get_level_dimensions": (None, [pointer, int32, ctypes.POINTER(int64), ctypes.POINTER(int64)]),
    "get_level_downsample": (ctypes.c_double, [pointer, int32]),
    "get_property_value": (text, [pointer, text]),
    "get_associated_image_names": (ctypes.POINTER(text), [pointer]),
    "get_associated_image_dimensions": (None, [pointer, text, ctypes.POINTER(int64), ctypes.POINTER(int64)]),
    "read_associated_image": (None, [pointer, text, pointer]),
    "read_region": (None, [pointer, pointer, int64, int64, int32, int64, int64]),
}


def bind(name):
    call = getattr(library, "openslide_" + name)
    call.restype, call.argtypes = SIGNATURES[name]
    return call


openslide = {name: bind(name) for name in SIGNATURES}
opened = OrderedDict()


class Refused(Exception):
    pass


def check(slide):
    error = openslide["get_error"](slide)
    if error:
        raise Refused(error.decode("utf-8", "replace"))


def use(path):
    """The one that was asked for last is the last; the first is closed where there are too many."""
    if path in opened:
        opened.move_to_end(path)
        return opened[path]
    slide = openslide["open"](os.fsencode(path))
    if not slide:
        raise Refused("it knows no such format")
    try:
        check(slide)
    except Refused:
        openslide["close"](slide)
        raise
    opened[path] = slide
    if len(opened) > OPEN_MAX:
        openslide["close"](opened.popitem(last=False)[1])
    return slide


def forget(path):
    slide = opened.pop(path, None)
    if slide:
        openslide["close"](slide)


def measure(call, *arguments):
    width, height = int64(), int64()
    call(*arguments, ctypes.byref(width), ctypes.byref(height))
    return width.value, height.value


def read_number(slide, name):
    value = openslide["get_property_value"](slide, name)
    try:
        return float(value) if value else None
    except ValueError:
        return None


def describe(slide):
    levels = []
    for level in range(openslide["get_level_count"](slide)):
        width, height = measure(openslide["get_level_dimensions"], slide, level)
        downsample = openslide["get_level_downsample"](slide, level)
        levels.append({"width": width, "height": height, "downsample": downsample})
    images = []
    for name in openslide["get_associated_image_names"](slide):
        if name is None:
            break
        width, height = measure(openslide["get_associated_image_dimensions"], slide, name)
        images.append({"name": name.decode("utf-8", "replace"), "width": width, "height": height})
    check(slide)
    scale = [read_number(slide, name) for name in (b"openslide.mpp-x", b"openslide.mpp-y")]
    vendor = (openslide["get_property_value"](slide, b"openslide.vendor") or b"").decode("utf-8", "replace")
    return {"vendor": vendor, "levels": levels, "images": images, "micronsX": scale[0], "micronsY": scale[1]}, b""


def read_region(slide, request):
    width, height = request["width"], request["height"]
    pixels = ctypes.create_string_buffer(width * height * 4)
    openslide["read_region"](slide, pixels, request["x"], request["y"], request["level"], width, height)
    check(slide)
    return {}, pixels.raw


def read_image(slide, request):
    name = request["name"].encode()
    width, height = measure(openslide["get_associated_image_dimensions"], slide, name)
    if (width, height) != (request["width"], request["height"]):
        raise Refused("the picture has another size than before")
    pixels = ctypes.create_string_buffer(width * height * 4)
    openslide["read_associated_image"](slide, name, pixels)
    check(slide)
    return {}, pixels.raw


def answer(request):
    path = request["path"]
    if request["act"] == "close":
        forget(path)
        return {}, b""
    try:
        slide = use(path)
        if request["act"] == "describe":
            return describe(slide)
        return read_region(slide, request) if request["act"] == "region" else read_image(slide, request)
    except (Refused, MemoryError) as error:
        # A slide with an error stays in error: the next request opens it again.
        forget(path)
        return {"error": str(error) or "it needs too much memory"}, b""


for line in sys.stdin.buffer:
    told, pixels = answer(json.loads(line))
    head = {**told, "version": openslide["get_version"]().decode(), "bytes": len(pixels)}
    answers.write(json.dumps(head, allow_nan=False).encode() + b"\n")
    answers.write(pixels)
    answers.flush()
