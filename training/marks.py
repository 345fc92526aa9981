"""A mark as a register draws it, and the same mark printed, enamelled, stitched, embossed or cast in metal, photographed.

Every function takes its own numpy Generator, so that a pair is a function of its seed. A drawing is black on white, H×H×3.
"""

import cv2
import numpy as np

from pictures import clipped, framed, squared
from scenes import relit, scene

MARGIN = 14  # a drawing's side by this is the white around it


def mark_pair(drawing, pool, random, side):
    """The mark as a reference (drawn, coloured, as a badge, with its name) and a photo of it."""
    mark = 255 - drawing[:, :, 0]
    registered, made = named(mark, random)
    palette = random.uniform(0, 255, (3, 3))
    reference = drawn(registered, painted(registered, palette, random), random, pool)
    face, mask = MAKINGS[random.choice(len(MAKINGS), p=MAKING_SHARES)](made, painted(made, palette, random), random, pool)
    ground = surface(random, side) if random.random() < 0.45 else None
    if random.random() < 0.65:  # a photo of the mark
        return squared(reference, side), scene(face, mask, pool, random, side, span=(0.45, 1.1), ground=ground, turn=8, spread=0.3)
    return squared(reference, side), scene(face, mask, pool, random, side, span=(0.25, 0.8), ground=ground)


def named(mark, random):
    """The mark as registered and as made: registers often show a name with it that the thing lacks, sometimes the other way round."""
    if random.random() > 0.4:
        return mark, mark
    both = with_name(mark, random) if random.random() < 0.6 else ringed(mark, random)
    choice = random.random()
    if choice < 0.35:
        return both, both
    return (both, mark) if choice < 0.85 else (mark, both)


def some_word(random, least, most):
    return "".join(chr(random.integers(65, 91)) for _ in range(int(random.integers(least, most))))


def ringed(ink, random):
    """The drawing within a ring that bears a word, as on many badges; sometimes a line on both sides of the ring."""
    side = ink.shape[0]
    middle, inner, outer = side / 2, side * random.uniform(0.3, 0.38), side * 0.49
    canvas = np.zeros((side, side), np.uint8)
    small = cv2.resize(ink, (int(inner * 1.5), int(inner * 1.5)), interpolation=cv2.INTER_AREA)
    start = (side - len(small)) // 2
    canvas[start : start + len(small), start : start + len(small)] = small
    word, font, size = some_word(random, 3, 13), int(random.choice([0, 2, 3, 4])), side // 4
    spread = np.radians(min(300, len(word) * random.uniform(16, 34)))
    for letter, turn in zip(word, np.linspace(-spread / 2, spread / 2, len(word))):
        tile = np.zeros((size, size), np.uint8)
        scale = (outer - inner) * 0.6 / cv2.getTextSize(letter, font, 1.0, 2)[0][1]
        (width, height), _ = cv2.getTextSize(letter, font, scale, 2)
        cv2.putText(tile, letter, ((size - width) // 2, (size + height) // 2), font, scale, 255, 2, cv2.LINE_AA)
        warp = cv2.getRotationMatrix2D((size / 2, size / 2), -np.degrees(turn), 1)
        reach = (inner + outer) / 2
        warp[:, 2] += middle + reach * np.sin(turn) - size / 2, middle - reach * np.cos(turn) - size / 2
        canvas = np.maximum(canvas, cv2.warpAffine(tile, warp, (side, side)))
    if random.random() < 0.7:
        for radius in (inner, outer):
            cv2.circle(canvas, (side // 2, side // 2), int(radius), 255, max(1, side // 80), cv2.LINE_AA)
    return canvas


def with_name(ink, random):
    """The drawing with a word beneath or beside it, as registers show it; the result is square."""
    side = ink.shape[0]
    word = some_word(random, 3, 9)
    font, thickness = int(random.choice([0, 2, 3, 4, 6])), int(random.integers(2, 5))
    (width, height), _ = cv2.getTextSize(word, font, 1.0, thickness)
    scale = side * random.uniform(0.7, 1.0) / width
    canvas = np.zeros((side * 2, side * 2), np.uint8)
    small = cv2.resize(ink, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    top = (side - len(small)) // 2
    canvas[top : top + len(small), side - len(small) // 2 : side - len(small) // 2 + len(small)] = small
    base = top + len(small) + int(height * scale) + side // 10
    cv2.putText(canvas, word, (side - int(width * scale / 2), base), font, scale, 255, max(1, int(thickness * scale)), cv2.LINE_AA)
    rows, columns = np.where(canvas > 30)
    taken = canvas[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    longer = max(taken.shape)
    square = np.zeros((longer, longer), np.uint8)
    y, x = (longer - taken.shape[0]) // 2, (longer - taken.shape[1]) // 2
    square[y : y + taken.shape[0], x : x + taken.shape[1]] = taken
    return cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA)


def painted(ink, palette, random):
    """A colour for every pixel of the mark: one for all, or one for each of its parts."""
    colours = np.broadcast_to(palette[0], (*ink.shape, 3)).astype(np.float32).copy()
    if random.random() < 0.35:
        count, parts = cv2.connectedComponents((ink > 127).astype(np.uint8))
        if 2 < count < 60:
            colours = palette[random.integers(0, 3, count)][parts].astype(np.float32)
            colours = cv2.dilate(colours, np.ones((3, 3)))
    return colours


def holes(ink):
    """Share of 0..1 of what lies inside the mark's outer line without being ink."""
    outside = framed(np.repeat(np.where(ink > 100, 0, 255).astype(np.uint8)[:, :, None], 3, 2), 1)[:, :, 0].copy()
    filled = np.zeros((outside.shape[0] + 2, outside.shape[1] + 2), np.uint8)
    cv2.floodFill(outside, filled, (0, 0), 128)
    return (outside[1:-1, 1:-1] == 255).astype(np.float32)


def drawn(ink, colours, random, pool):
    """What the register holds: mostly the plain drawing; sometimes coloured, with filled holes, on a badge or in metal."""
    choice = random.random()
    share = ink[:, :, None] / 255.0
    if choice < 0.3:
        return framed(np.repeat(255 * (1 - share), 3, 2).astype(np.uint8), ink.shape[0] // MARGIN)
    if choice < 0.55:
        ground = np.full(3, 255.0)
        if random.random() < 0.4:
            ground = holes(ink)[:, :, None] * random.uniform(0, 255, 3) + (1 - holes(ink)[:, :, None]) * 255
        return framed(clipped(share * colours + (1 - share) * ground), ink.shape[0] // MARGIN)
    face, mask = (badge if choice < 0.83 else chrome)(ink, colours, random, pool)
    cover = mask[:, :, None] / 255.0
    return framed(clipped(face * cover + 255 * (1 - cover)), ink.shape[0] // (2 * MARGIN))


def printed(ink, colours, random, pool):
    """Flat ink without a ground of its own."""
    return clipped(colours), ink


def badge(ink, colours, random, pool):
    """On a plate: round, oval, shield-like or square, often with a rim, flat or with the mark raised in metal."""
    margin = int(ink.shape[0] * random.uniform(0.08, 0.3))
    ink = cv2.copyMakeBorder(ink, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    colours = cv2.copyMakeBorder(colours, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    side = ink.shape[0]
    ground = random.uniform(0, 255, 3)
    near = np.abs(colours.mean((0, 1)) - ground).mean() < 70
    if near:
        ground = 255 - ground
    face = np.broadcast_to(ground, (side, side, 3)).astype(np.float32).copy()
    if random.random() < 0.3:
        inner = cv2.copyMakeBorder(holes(ink[margin:-margin, margin:-margin]), margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
        face = face * (1 - inner[:, :, None]) + inner[:, :, None] * random.uniform(0, 255, 3)
    mark = chrome(ink, colours, random, pool)[0] if random.random() < 0.5 else colours
    share = ink[:, :, None] / 255.0
    face = face * (1 - share) + mark * share
    mask = plate_shape(side, random)
    if random.random() < 0.6:
        rim = mask - cv2.erode(mask, np.ones((3, 3), np.uint8), iterations=int(side * random.uniform(0.015, 0.05)))
        shine = chrome(rim, colours, random, pool)[0] if random.random() < 0.6 else np.broadcast_to(random.uniform(0, 255, 3), face.shape)
        face = np.where(rim[:, :, None] > 0, shine, face)
    return clipped(face), mask


def plate_shape(side, random):
    mask = np.zeros((side, side), np.uint8)
    choice = random.random()
    if choice < 0.6:
        cv2.ellipse(mask, (side // 2, side // 2), (side // 2 - 1, int((side / 2 - 1) * random.uniform(0.7, 1))), 0, 0, 360, 255, -1, cv2.LINE_AA)
    elif choice < 0.75:
        corners = np.array([[0.05, 0.03], [0.95, 0.03], [0.95, 0.55], [0.5, 0.99], [0.05, 0.55]]) * side
        cv2.fillPoly(mask, [corners.astype(np.int32)], 255, cv2.LINE_AA)
    else:
        mask[:] = 255
    return mask


def relief(ink, random):
    """Slopes of a raised mark: its edge is bevelled over some pixels. Two H×W arrays, −1..1."""
    bevel = random.uniform(2, 9)
    height = np.minimum(cv2.distanceTransform((ink > 127).astype(np.uint8), cv2.DIST_L2, 5), bevel) if random.random() < 0.7 else ink / 255.0 * bevel
    height = cv2.GaussianBlur(height.astype(np.float32), (0, 0), random.uniform(0.7, 2))
    return np.clip(cv2.Sobel(height, cv2.CV_32F, 1, 0) / 4, -1, 1), np.clip(cv2.Sobel(height, cv2.CV_32F, 0, 1) / 4, -1, 1)


def surroundings(random, pool):
    """What metal mirrors, above to below by left to right, 256 × 256 colours: a photo, or a pale sky, a dark horizon and a ground."""
    if random.random() < 0.5:
        photo = cv2.GaussianBlur(cv2.resize(pool[random.integers(len(pool))], (256, 256)), (0, 0), random.uniform(1, 8)).astype(np.float32)
        grey = photo.mean(2, keepdims=True)
        return grey + (photo - grey) * random.uniform(0, 0.7) + random.uniform(-20, 60)
    knots = np.concatenate([[random.uniform(120, 255)], random.uniform(0, 255, int(random.integers(3, 9))), [random.uniform(0, 200)]])
    ramp = np.interp(np.linspace(0, len(knots) - 1, 256), np.arange(len(knots)), knots)
    return np.repeat((ramp[:, None] * (1 + random.normal(0, 0.05, 3)))[:, None], 256, 1)


def chrome(ink, colours, random, pool):
    """The mark as a body of polished or brushed metal that mirrors its surroundings."""
    across, down = relief(ink, random)
    side = ink.shape[0]
    grid = np.mgrid[0:side, 0:side].astype(np.float32) / side - 0.5
    bend = random.uniform(-0.5, 0.5, 2)
    towards = 0.5 + 0.4 * (down * random.uniform(0.5, 1) + across * random.uniform(-0.7, 0.7)) + bend[0] * grid[0] + bend[1] * grid[1]
    aside = 0.5 + 0.4 * (across * random.uniform(0.5, 1) + down * random.uniform(-0.3, 0.3)) + bend[1] * grid[0] + bend[0] * grid[1]
    body = surroundings(random, pool)[(np.clip(towards, 0, 1) * 255).astype(np.int32), (np.clip(aside, 0, 1) * 255).astype(np.int32)]
    if random.random() < 0.4:
        body = body * random.uniform(0.4, 1) * (0.5 + colours[: side, : side].mean((0, 1)) / 255)
    if random.random() < 0.3:
        body = body + random.normal(0, 12, (1, side, 1))
    mask = cv2.dilate(ink, np.ones((3, 3), np.uint8)) if random.random() < 0.5 else ink
    return clipped(body), mask


def embossed(ink, colours, random, pool):
    """Pressed into leather, plastic or cardboard of one colour: only light and shade tell the mark."""
    margin = ink.shape[0] // 8
    ink = cv2.copyMakeBorder(ink, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    across, down = relief(ink, random)
    angle = random.uniform(0, 2 * np.pi)
    light = (across * np.cos(angle) + down * np.sin(angle)) * random.uniform(40, 140) * random.choice([-1, 1])
    side = ink.shape[0]
    grain = cv2.GaussianBlur(random.normal(0, random.uniform(0, 30), (side, side)).astype(np.float32), (0, 0), random.uniform(0.5, 2))
    face = random.uniform(20, 230, 3) * (1 + (ink[:, :, None] / 255.0) * random.uniform(-0.15, 0.15)) + (light + grain)[:, :, None]
    return clipped(face), np.full((side, side), 255, np.uint8)


def stitched(ink, colours, random, pool):
    """Embroidered on cloth: threads run across the mark, the cloth has a weave."""
    margin = ink.shape[0] // 8
    ink = cv2.copyMakeBorder(ink, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    colours = cv2.copyMakeBorder(colours, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    side = ink.shape[0]
    down, across = np.mgrid[0:side, 0:side]
    angle = random.uniform(0, np.pi)
    threads = np.sin((across * np.cos(angle) + down * np.sin(angle)) * random.uniform(1.2, 2.6)) * random.uniform(8, 30)
    cloth = random.uniform(0, 255, 3) + ((np.sin(across * 1.5) + np.sin(down * 1.5)) * random.uniform(0, 12))[:, :, None]
    slopes = relief(ink, random)
    share = cv2.GaussianBlur(ink, (0, 0), 0.8)[:, :, None] / 255.0
    thread = colours + (threads + (slopes[0] - slopes[1]) * 30)[:, :, None]
    return clipped(cloth * (1 - share) + thread * share), np.full((side, side), 255, np.uint8)


def surface(random, side):
    """What marks are fixed on: lacquer that mirrors, a mesh, woven carbon or cloth, leather or plastic with a grain. Side × side."""
    down, across = np.mgrid[0:side, 0:side].astype(np.float32) / side
    colour = random.uniform(5, 240, 3) * random.uniform(0.3, 1)
    kind = random.random()
    if kind < 0.4:
        angle = random.uniform(0, 2 * np.pi)
        along = np.cos(angle) * across + np.sin(angle) * down + random.uniform(0, 0.3) * np.sin(across * random.uniform(2, 6))
        knots = random.uniform(-0.6, 1.0, int(random.integers(3, 8)))
        light = np.interp(along, np.linspace(along.min(), along.max(), len(knots)), knots)[:, :, None]
        picture = colour * (1 + 0.7 * light) + np.maximum(light, 0) * random.uniform(0, 90)
    elif kind < 0.75:
        angle, step = random.uniform(0, np.pi), random.uniform(8, 30)
        first = np.sin(2 * np.pi * step * (np.cos(angle) * across + np.sin(angle) * down))
        second = np.sin(2 * np.pi * step * (np.cos(angle + np.pi / 2) * across + np.sin(angle + np.pi / 2) * down))
        lines = np.maximum(first, second) if random.random() < 0.5 else first * (1 if random.random() < 0.5 else second)
        picture = colour * (1 + random.uniform(0.2, 0.9) * lines[:, :, None])
    else:
        grain = cv2.GaussianBlur(random.normal(0, 1, (side, side)).astype(np.float32), (0, 0), random.uniform(0.6, 3))
        picture = colour * (1 + grain[:, :, None] / (grain.std() + 1e-6) * random.uniform(0.02, 0.25))
    return relit(clipped(picture), random)


MAKINGS = (printed, badge, chrome, embossed, stitched)
MAKING_SHARES = (0.22, 0.33, 0.27, 0.1, 0.08)
