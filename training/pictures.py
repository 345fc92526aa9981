"""Small operations on pictures: H×W×3 arrays of uint8, RGB. Nothing here changes its input."""

import cv2
import numpy as np

WHITE = (255, 255, 255)


def decode(encoded):
    """Bytes of a picture file to an array; raises ValueError if they are none."""
    picture = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("the bytes are no picture")
    return np.ascontiguousarray(picture[:, :, ::-1])


def recompress(picture, quality):
    """What JPEG leaves of a picture; quality 1..100."""
    encoded = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(quality)])[1]
    return np.ascontiguousarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR)[:, :, ::-1])


def squared(picture, side, pad=True):
    """The picture as side × side, laid on white to keep its shape, or stretched."""
    height, width = picture.shape[:2]
    if pad and height != width:
        longer = max(height, width)
        top, left = (longer - height) // 2, (longer - width) // 2
        canvas = np.full((longer, longer, 3), 255, np.uint8)
        canvas[top : top + height, left : left + width] = picture
        picture = canvas
    shrinks = picture.shape[0] > side
    return cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def framed(picture, margin, colour=WHITE):
    return cv2.copyMakeBorder(picture, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=[float(v) for v in colour])


def cut_out(picture, tolerance=6):
    """Mask (uint8, 255 = product) of a product photographed on white: what a flood from the border does not reach."""
    bordered = framed(picture, 1)
    flooded = np.zeros((bordered.shape[0] + 2, bordered.shape[1] + 2), np.uint8)
    flags = cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8) | 4
    cv2.floodFill(bordered, flooded, (0, 0), 0, (tolerance,) * 3, (tolerance,) * 3, flags)
    return cv2.morphologyEx(255 - flooded[2:-2, 2:-2], cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))


def bounds(mask):
    """Left, top, right, bottom of what the mask shows; the whole picture if that is next to nothing."""
    rows, columns = np.where(mask > 0)
    if len(rows) < 50:
        return 0, 0, mask.shape[1], mask.shape[0]
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def clipped(values):
    return np.clip(values, 0, 255).astype(np.uint8)


def as_input(pictures):
    """A stack of pictures of one size as the network's input: N×3×H×W float32, (value − 127) / 128."""
    import torch

    stack = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float()
    return ((stack - 127) / 128).contiguous(memory_format=torch.channels_last)
