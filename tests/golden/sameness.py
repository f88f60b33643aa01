"""Whether two documents show the same, for machines whose zlib or libjpeg writes other bytes."""

from io import BytesIO
from itertools import zip_longest

import numpy as np
import pypdfium2
from PIL import Image, ImageOps

_PASSWORDS = (None, "elbfunken-2026")


def differences(drawn: bytes, stored: bytes, suffix: str) -> list[str]:
    """What a person or a program would see differently; nothing for equal bytes."""
    if drawn == stored:
        return []
    if suffix == ".pdf":
        return _pdf_differences(drawn, stored)
    if suffix in (".jpg", ".webp", ".png", ".tiff"):
        return _picture_differences(_frames(drawn), _frames(stored))
    return ["other bytes"]


def _pdf_differences(drawn: bytes, stored: bytes) -> list[str]:
    one, other = _opened(drawn), _opened(stored)
    if one is None or other is None:
        return [] if one is other and abs(len(drawn) - len(stored)) < 0.1 * len(stored) else ["one can't be opened"]
    texts = [[page.get_textpage().get_text_bounded() for page in pdf] for pdf in (one, other)]
    files = [
        [bytes(pdf.get_attachment(index).get_data()) for index in range(pdf.count_attachments())]
        for pdf in (one, other)
    ]
    pages = [[np.asarray(page.render(grayscale=True).to_pil()) for page in pdf] for pdf in (one, other)]
    found = _picture_differences(*pages)
    found += ["other text"] if texts[0] != texts[1] else []
    return found + (["other attachments"] if files[0] != files[1] else [])


def _opened(data: bytes) -> pypdfium2.PdfDocument | None:
    for password in _PASSWORDS:
        try:
            return pypdfium2.PdfDocument(data, password=password)
        except pypdfium2.PdfiumError:
            continue
    return None


def _frames(data: bytes) -> list[np.ndarray]:
    with Image.open(BytesIO(data)) as picture:
        frames = []
        for index in range(getattr(picture, "n_frames", 1)):
            picture.seek(index)
            frames.append(np.asarray(ImageOps.exif_transpose(picture).convert("L")))
        return frames


def _picture_differences(drawn: list[np.ndarray], stored: list[np.ndarray]) -> list[str]:
    found = []
    for number, (one, other) in enumerate(zip_longest(drawn, stored), 1):
        if one is None or other is None or one.shape != other.shape:
            found.append(f"page {number} has another size")
        elif (distance := float(np.abs(one.astype(float) - other.astype(float)).mean())) > 2:
            found.append(f"page {number} looks different: {distance:.1f} grey levels on average")
    return found
