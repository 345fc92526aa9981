"""Photographed scenes made of cut-outs: a product or mark under another light, at an angle, on a background, partly covered, through a camera.

Every function takes its own numpy Generator, so that a scene is a function of its seed.
"""

import cv2
import numpy as np

from pictures import bounds, clipped, recompress, squared

cv2.setNumThreads(1)

CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float64)


def relit(picture, random, strength=1.0):
    """Uneven light, a colour cast, another gamma, paler or stronger colours."""
    values = picture.astype(np.float32)
    if random.random() < 0.8:
        height, width = picture.shape[:2]
        angle = random.uniform(0, 2 * np.pi)
        across = np.arange(width, dtype=np.float32)[None, :] / width - 0.5
        down = np.arange(height, dtype=np.float32)[:, None] / height - 0.5
        slope = random.uniform(0, 0.8) * strength
        level = random.uniform(1 - 0.4 * strength, 1 + 0.2 * strength)
        values *= ((np.cos(angle) * across + np.sin(angle) * down) * slope + level)[:, :, None]
    values *= (1 + random.normal(0, 0.08 * strength, 3)).astype(np.float32)
    values = 255 * np.clip(values / 255, 0, 1) ** np.exp(random.normal(0, 0.22 * strength))
    if random.random() < 0.4:
        values += (values.mean(2, keepdims=True) - values) * random.uniform(-0.3, 0.6)
    return clipped(values)


def through_camera(picture, random):
    """Defocus, motion, noise and compression, each only sometimes."""
    if random.random() < 0.5:
        picture = cv2.GaussianBlur(picture, (0, 0), random.uniform(0.3, 1.3))
    if random.random() < 0.15:
        picture = moved(picture, int(random.integers(3, 7)), random.uniform(0, 180))
    if random.random() < 0.3:
        picture = clipped(picture + random.normal(0, random.uniform(2, 10), picture.shape))
    if random.random() < 0.7:
        picture = recompress(picture, random.uniform(30, 92))
    return picture


def moved(picture, length, degrees):
    """Motion blur along a line of some pixels."""
    line = np.zeros((length, length), np.float32)
    line[length // 2] = 1 / length
    centre = length / 2 - 0.5
    turned = cv2.warpAffine(line, cv2.getRotationMatrix2D((centre, centre), degrees, 1), (length, length))
    return cv2.filter2D(picture, -1, turned)


def background(pool, random, side):
    """A gradient, or a part of a photo out of the pool, sometimes out of focus."""
    if random.random() < 0.2:
        first = random.uniform(60, 255, 3)
        last = first + random.normal(0, 30, 3)
        ramp = np.linspace(0, 1, side)[:, None, None]
        return clipped(first * (1 - ramp) + last * ramp + random.normal(0, 4, (side, side, 3)))
    photo = pool[random.integers(len(pool))]
    height, width = photo.shape[:2]
    part = int(random.uniform(0.35, 1) * min(height, width))
    top, left = random.integers(height - part + 1), random.integers(width - part + 1)
    taken = cv2.resize(photo[top : top + part, left : left + part], (side, side))
    return cv2.GaussianBlur(taken, (0, 0), random.uniform(0.5, 3)) if random.random() < 0.4 else taken


def placed(picture, mask, canvas, random, span=(0.45, 1.05), turn=14.0, tilt=0.16, slant=60, spread=1.0, seen=(1.0, 1.0)):
    """Lays the cut-out on the canvas under a random homography, often with a soft shadow.

    span: longer side of the thing as a share of what is seen; turn: degrees, standard deviation; tilt: how far corners move; slant: degrees
    that it may be turned away from the camera; spread: 0 puts it in the middle, 1 anywhere; seen: width and height of the part of the
    canvas that will be seen, as shares of its side.
    """
    side = canvas.shape[0]
    left, top, right, bottom = bounds(mask)
    scale = random.uniform(*span) * side * min(seen) / max(right - left, bottom - top)
    size = np.array([right - left, bottom - top]) * scale
    if random.random() < 0.5:
        size[int(random.integers(2))] *= np.cos(np.radians(random.uniform(0, slant)))
    angle = np.radians(random.normal(0, turn) if random.random() < 0.9 else random.uniform(-180, 180))
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = (CORNERS * size / 2) @ rotation
    corners += random.uniform(-tilt, tilt, (4, 2)) * min(size) * random.random()
    room = np.maximum(side * np.array(seen) - np.ptp(corners, axis=0), 0) / 2
    corners += side / 2 + random.uniform(-1, 1, 2) * (room + 0.08 * side) * spread
    source = np.float32([[left, top], [right, top], [right, bottom], [left, bottom]])
    warp = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    sampling = cv2.INTER_AREA if scale < 0.6 else cv2.INTER_LINEAR
    thing = cv2.warpPerspective(picture, warp, (side, side), flags=sampling, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(mask, warp, (side, side)).astype(np.float32)[:, :, None] / 255
    if random.random() < 0.5:
        canvas = shadowed(canvas, cover, random)
    return (thing * cover + canvas * (1 - cover)).astype(np.uint8)


def bent(picture, mask, random):
    """The cut-out as if it were printed round an upright can or bottle, seen from a random side: both sides narrow towards the edge."""
    left, top, right, bottom = bounds(mask)
    height, width = mask.shape
    middle, half = (left + right - 1) / 2, max(1.0, (right - left) / 2)
    reach = np.radians(random.uniform(35, 85))  # how far round the label goes to each side
    turned = random.uniform(-0.35, 0.35) * reach
    across = np.clip((np.arange(width) - middle) / half, -1, 1)
    angle = np.arcsin(across * np.sin(reach)) + turned
    columns = np.where(np.abs(np.arange(width) - middle) <= half, middle + half * angle / reach, -10)
    sag = random.uniform(-0.12, 0.12) * half * np.sqrt(np.maximum(0, 1 - across**2))
    rows = np.arange(height)[:, None] + sag[None]
    columns, rows = np.broadcast_to(columns, mask.shape).astype(np.float32), rows.astype(np.float32)
    shade = 1 - random.uniform(0, 0.6) * np.abs(across - random.uniform(-0.5, 0.5)) ** 2
    face = cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255))
    cover = cv2.remap(mask, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return clipped(face * shade[None, :, None]), cover


def folded(picture, mask, random):
    """The cut-out as the front of a box seen from a corner: the front foreshortened, a side in the colours of its edge."""
    left, top, right, bottom = bounds(mask)
    front = picture[top:bottom, left:right]
    inside = mask[top:bottom, left:right]
    height, width = inside.shape
    depth = max(2, int(width * random.uniform(0.15, 0.6)))
    edge = front[:, -max(1, width // 20) :] if random.random() < 0.5 else front[:, : max(1, width // 20)][:, ::-1]
    side = cv2.resize(np.ascontiguousarray(edge), (depth, height), interpolation=cv2.INTER_LINEAR) * random.uniform(0.45, 0.9)
    sheet = np.concatenate([front, clipped(side)], 1)
    cover = np.concatenate([inside, np.repeat(inside[:, -3:].max(1, keepdims=True), depth, 1)], 1)
    drop = random.uniform(0.03, 0.18) * height
    front_end = width * random.uniform(0.6, 1)
    full = front_end + depth * random.uniform(0.4, 0.9)
    corners = [([0, width, width, 0], [0, front_end, front_end, 0], [drop, 0, 0, -drop]), ([width, width + depth, width + depth, width], [front_end, full, full, front_end], [0, drop, -drop, 0])]
    size = int(full), height
    face, seen = np.full((height, size[0], 3), 255, np.uint8), np.zeros((height, size[0]), np.uint8)
    for (source, target, lower), (first, last) in zip(corners, ((0, width), (width, width + depth))):
        part = np.zeros_like(cover)
        part[:, first:last] = cover[:, first:last]
        warp = cv2.getPerspectiveTransform(np.float32(list(zip(source, [0, 0, height, height]))), np.float32([(x, y + down) for x, y, down in zip(target, [0, 0, height, height], lower)]))
        laid = cv2.warpPerspective(part, warp, size)
        face = np.where(laid[:, :, None] > 127, cv2.warpPerspective(sheet, warp, size, borderMode=cv2.BORDER_REPLICATE), face)
        seen = np.maximum(seen, laid)
    return np.ascontiguousarray(face), seen


def shaped(picture, mask, random):
    """As it is, or bent round a can, or folded round a box."""
    choice = random.random()
    if choice < 0.6:
        return picture, mask
    return bent(picture, mask, random) if choice < 0.8 else folded(picture, mask, random)


def shadowed(canvas, cover, random):
    offset = int(random.integers(0, 8)), int(random.integers(-6, 7))
    shadow = cv2.GaussianBlur(np.roll(cover[:, :, 0], offset, (0, 1)), (0, 0), random.uniform(2, 7))
    return (canvas * (1 - shadow[:, :, None] * random.uniform(0.2, 0.6))).astype(np.uint8)


def covered(picture, pool, random):
    """Fingers, a glare, or another thing in front."""
    choice = random.random()
    if choice < 0.35:
        return with_fingers(picture, random)
    if choice < 0.65:
        return with_glare(picture, random)
    side = picture.shape[0]
    width = int(random.uniform(0.15, 0.4) * side)
    thing = cv2.resize(pool[random.integers(len(pool))], (width, int(width * random.uniform(0.5, 1.6))))[:side]
    top = int(random.integers(-thing.shape[0] // 2, side - thing.shape[0] // 2))
    left = int(random.integers(-width // 2, side - width // 2))
    rows = slice(max(top, 0), min(top + thing.shape[0], side))
    columns = slice(max(left, 0), min(left + width, side))
    result = picture.copy()
    result[rows, columns] = thing[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    return result


def with_fingers(picture, random):
    side = picture.shape[0]
    skin = np.array([random.uniform(120, 240), random.uniform(80, 190), random.uniform(60, 160)])
    mask = np.zeros((side, side), np.uint8)
    edge = int(random.integers(4))
    for _ in range(int(random.integers(1, 5))):
        along = int(random.uniform(0.1, 0.9) * side)
        centre = [(along, 0), (along, side), (0, along), (side, along)][edge]
        axes = int(random.uniform(0.05, 0.12) * side), int(random.uniform(0.1, 0.35) * side)
        cv2.ellipse(mask, centre, axes, float(90 * (edge > 1) + random.normal(0, 20)), 0, 360, 255, -1)
    share = cv2.GaussianBlur(mask, (0, 0), 1)[:, :, None] / 255.0
    return (picture * (1 - share) + skin * share).astype(np.uint8)


def with_glare(picture, random):
    side = picture.shape[0]
    spot = np.zeros((side, side), np.float32)
    centre = int(random.uniform(0.1, 0.9) * side), int(random.uniform(0.1, 0.9) * side)
    axes = int(random.uniform(0.03, 0.12) * side), int(random.uniform(0.05, 0.4) * side)
    cv2.ellipse(spot, centre, axes, random.uniform(0, 180), 0, 360, 1, -1)
    return clipped(picture + 255 * cv2.GaussianBlur(spot, (0, 0), random.uniform(2, 9))[:, :, None] * random.uniform(0.4, 1))


def scene(picture, mask, pool, random, side, span=(0.45, 1.05), ground=None, **place):
    """The thing as a buyer, a seller or an officer photographs it, laid on white when the photo is wider or higher than long.

    ground: what it lies on, side × side; by default part of a photo or a plain gradient. place: how it lies, see placed.
    """
    seen = photo_shape(random)
    ground = background(pool, random, side) if ground is None else ground
    result = placed(relit(picture, random), mask, ground, random, span, seen=seen, **place)
    if random.random() < 0.3:
        result = covered(result, pool, random)
    if random.random() < 0.5:
        result = relit(result, random, 0.5)
    return banded(through_camera(result, random), seen)


def photo_shape(random):
    """Width and height of a photo as shares of its longer side."""
    shorter = 1.0 if random.random() < 0.4 else random.uniform(0.55, 1)
    return (1.0, shorter) if random.random() < 0.6 else (shorter, 1.0)


def banded(picture, seen):
    """White beyond the photo's own width and height, as the network's input has it."""
    side = picture.shape[0]
    across, down = (int(side * (1 - share) / 2) for share in seen)
    inside = picture[down : side - down, across : side - across]
    return cv2.copyMakeBorder(inside, down, down, across, across, cv2.BORDER_CONSTANT, value=(255, 255, 255))


def on_white(picture, mask, random, side):
    """The thing as a catalogue shows it: straight, large, on white."""
    white = np.full((side, side, 3), 255, np.uint8)
    result = placed(picture, mask, white, random, span=(0.8, 1.0), turn=2, tilt=0.02, slant=0)
    return recompress(result, random.uniform(60, 95)) if random.random() < 0.5 else result
