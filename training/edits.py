"""Edited copies of a picture, as sellers and re-uploaders make them. Every function takes its own numpy Generator."""

import cv2
import numpy as np

from pictures import framed, recompress, squared
from scenes import background, relit


def edited(picture, pool, random, side):
    """A chain of one to three edits; the result is side × side."""
    for _ in range(int(random.integers(1, 4))):
        edit = EDITS[random.integers(len(EDITS))]
        picture = edit(picture, pool, random, side)
    return squared(picture, side, random.random() < 0.5)


def cropped(picture, pool, random, side):
    height, width = picture.shape[:2]
    kept = random.uniform(0.5, 0.95, 2)
    top = random.integers(int(height * (1 - kept[0])) + 1)
    left = random.integers(int(width * (1 - kept[1])) + 1)
    return picture[top : top + max(16, int(height * kept[0])), left : left + max(16, int(width * kept[1]))]


def recoloured(picture, pool, random, side):
    return relit(picture, random, 1.6)


def greyed(picture, pool, random, side):
    return np.repeat(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY)[:, :, None], 3, 2)


def mirrored(picture, pool, random, side):
    return np.ascontiguousarray(picture[:, ::-1])


def turned(picture, pool, random, side):
    height, width = picture.shape[:2]
    warp = cv2.getRotationMatrix2D((width / 2, height / 2), random.normal(0, 12), random.uniform(0.8, 1.1))
    return cv2.warpAffine(picture, warp, (width, height), borderMode=cv2.BORDER_CONSTANT, borderValue=(float(random.choice([0, 255])),) * 3)


def written_over(picture, pool, random, side):
    result = np.ascontiguousarray(picture).copy()
    height, width = result.shape[:2]
    for _ in range(int(random.integers(1, 4))):
        at = int(random.uniform(-0.1, 0.6) * width), int(random.uniform(0.1, 1) * height)
        size = random.uniform(0.4, 1.6) * width / 192
        cv2.putText(result, letters(random, int(random.integers(4, 12))), at, int(random.integers(8)), size, colour(random), int(random.integers(1, 4)), cv2.LINE_AA)
    return result


def stickered(picture, pool, random, side):
    result = np.ascontiguousarray(picture).copy()
    height, width = result.shape[:2]
    centre = int(random.uniform(0, 1) * width), int(random.uniform(0, 1) * height)
    radius = int(random.uniform(0.08, 0.22) * width)
    cv2.circle(result, centre, radius, colour(random), -1, cv2.LINE_AA)
    cv2.putText(result, letters(random, 3), (centre[0] - radius // 2, centre[1]), 0, radius / 40, (255, 255, 255), 1, cv2.LINE_AA)
    return result


def collaged(picture, pool, random, side):
    """Smaller, on another picture."""
    canvas = background(pool, random, side).copy()
    height, width = picture.shape[:2]
    scale = random.uniform(0.45, 0.85) * side / max(height, width)
    height, width = min(side, max(8, int(height * scale))), min(side, max(8, int(width * scale)))
    top, left = random.integers(side - height + 1), random.integers(side - width + 1)
    canvas[top : top + height, left : left + width] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return canvas


def stretched(picture, pool, random, side):
    height, width = picture.shape[:2]
    return cv2.resize(picture, (max(16, int(width * random.uniform(0.7, 1.3))), height))


def bordered(picture, pool, random, side):
    return framed(picture, int(random.uniform(0.02, 0.12) * picture.shape[1]), colour(random))


def worn(picture, pool, random, side):
    """Blurred and compressed again."""
    return recompress(cv2.GaussianBlur(picture, (0, 0), random.uniform(0.3, 2)), random.uniform(15, 60))


def letters(random, count):
    return "".join(chr(random.integers(65, 91)) if random.random() < 0.8 else " " for _ in range(count))


def colour(random):
    return [int(value) for value in random.integers(0, 256, 3)]


EDITS = [cropped, recoloured, greyed, mirrored, turned, written_over, stickered, collaged, stretched, bordered, worn]
