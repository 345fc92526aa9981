"""Draws ten pictures and stores each with the square that the training pipeline makes of it, so that the C# preprocessing
can be held against it: NN.png is the picture, NN.square.png the 224-pixel square.

Needs numpy and OpenCV (Debian: python3-numpy python3-opencv). Run it in this folder: python3 make.py"""
import cv2
import numpy as np

SIDE = 224
SIZES = [(320, 200), (200, 320), (224, 224), (448, 448), (90, 140), (500, 120), (301, 299), (640, 480), (64, 64), (223, 225)]  # width, height


def square(picture, side):
    """Centred on a white square, then an area average when shrinking and bilinear when enlarging."""
    height, width = picture.shape[:2]
    longer = max(height, width)
    canvas = np.full((longer, longer, 3), 255, np.uint8)
    top, left = (longer - height) // 2, (longer - width) // 2
    canvas[top:top + height, left:left + width] = picture
    return cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA if longer > side else cv2.INTER_LINEAR)


def draw(number, width, height):
    """A ground with a gradient, a box with a fine-striped label, and a round cap."""
    random = np.random.default_rng(number)
    across = np.linspace(0, 1, width)[None, :, None]
    first, second = random.integers(60, 256, (2, 3))
    picture = np.broadcast_to(first * (1 - across) + second * across, (height, width, 3)).astype(np.uint8).copy()
    colour = lambda: tuple(int(v) for v in random.integers(0, 256, 3))
    left, top, right, bottom = int(width * .2), int(height * .25), int(width * .75), int(height * .9)
    cv2.rectangle(picture, (left, top), (right, bottom), colour(), -1, cv2.LINE_AA)
    ink = colour()
    for x in range(left + 4, right - 3, 3 + number % 4):
        cv2.line(picture, (x, top + height // 8), (x, bottom - height // 8), ink, 1)
    cv2.circle(picture, (width // 2, top), max(6, min(width, height) // 6), colour(), -1, cv2.LINE_AA)
    cv2.putText(picture, "TS%d" % number, (left + 2, bottom - 4), cv2.FONT_HERSHEY_SIMPLEX, height / 200, colour(), 1, cv2.LINE_AA)
    return picture


for number, (width, height) in enumerate(SIZES, 1):
    picture = draw(number, width, height)
    for name, pixels in (("%02d.png" % number, picture), ("%02d.square.png" % number, square(picture, SIDE))):
        cv2.imwrite(name, pixels[:, :, ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])
