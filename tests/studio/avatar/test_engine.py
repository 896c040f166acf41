from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from studio.avatar import engine
from studio.avatar.backdrop import gradient
from studio.avatar.colors import to_oklab
from studio.avatar.engine import Layers, flatten, layers, shape_box
from studio.avatar.face import detect_faces, largest
from studio.avatar.mesh import Mesh, find_mesh
from studio.avatar.pixels import F32, U8, f32
from studio.avatar.recipe import Recipe, RecipeError, read_recipe
from studio.avatar.shapes import SHAPES
from studio.avatar.subject import choose_frame, cut_out, find_subject

LOOK = {
    "shape": "circle",
    "background": {"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]},
    "ring": {"color": "#ffffff", "width": 0.03},
    "shadow": True,
}
# Points of the old background, in photo pixels.
BEHIND = {
    "portrait": {"flag": (30, 60), "stripe": (70, 150), "shuttle": (400, 150), "curtain": (330, 60)},
    "grace_hopper": {"flag": (60, 140), "stars": (110, 60), "curtain": (470, 150), "cord": (150, 250)},
}


def delta_e(first: F32, second: F32) -> float:
    """CIE76 between two RGB colours of 0…255."""
    lab = [cv2.cvtColor(f32(c).reshape(1, 1, 3) / 255.0, cv2.COLOR_RGB2LAB)[0, 0] for c in (first, second)]
    return float(np.linalg.norm(lab[0] - lab[1]))


def matrix_of(photo: U8, look: dict[str, object], size: int) -> F32:
    recipe = read_recipe(look)
    box = shape_box(size, size)
    who = find_subject(photo, recipe)
    cutout = cut_out(photo, who, recipe.zoom, round(box[2]))
    return choose_frame(photo, who, recipe.shape, cutout).moved(recipe.zoom, recipe.offset).matrix(*box)


def on_white(picture: U8) -> U8:
    alpha = picture[..., 3:].astype(np.float32) / 255
    return np.asarray(picture[..., :3] * alpha + 255 * (1 - alpha), dtype=np.uint8)


def face_in(picture: U8) -> Mesh:
    flat = on_white(picture)
    faces = detect_faces(flat)
    return find_mesh(flat, faces[largest(faces)])


@pytest.fixture(scope="module")
def avatar(portrait: tuple[str, U8], keep: Callable[[str, U8], None]) -> tuple[str, U8, U8]:
    name, photo = portrait
    picture = flatten(layers(photo, LOOK, 1024, 1024, cache_key=name))
    keep(f"avatar {name}", picture)
    return name, photo, picture


def test_the_picture_is_square_rgba_with_transparent_corners(avatar: tuple[str, U8, U8]) -> None:
    picture = avatar[2]
    assert picture.shape == (1024, 1024, 4)
    assert picture.dtype == np.uint8
    assert [int(picture[y, x, 3]) for y in (0, -1) for x in (0, -1)] == [0, 0, 0, 0]
    assert picture[512, 512, 3] == 255


def test_the_face_is_framed_by_the_rules(avatar: tuple[str, U8, U8]) -> None:
    mesh = face_in(avatar[2])
    middle = (mesh.oval[:, 0].min() + mesh.oval[:, 0].max()) / 2
    assert abs(middle / 1024 - 0.5) < 0.03
    assert 0.42 <= mesh.eye_centre[1] / 1024 <= 0.46
    assert 0.32 <= mesh.height / 1024 <= 0.44


@pytest.mark.parametrize("change", ["mirrored", "shifted", "tilted", "dark", "small", "padded"])
def test_changed_copies_are_framed_alike(
    portrait: tuple[str, U8], change: str, keep: Callable[[str, U8], None]
) -> None:
    name, photo = portrait
    height, width = photo.shape[:2]
    if change == "mirrored":
        photo = np.ascontiguousarray(photo[:, ::-1])
    elif change == "shifted":
        photo = np.ascontiguousarray(photo[:, 90:])
    elif change == "tilted":
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 15, 1)
        photo = np.asarray(
            cv2.warpAffine(photo, turn, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8
        )
    elif change == "dark":
        photo = (photo * 0.35).astype(np.uint8)
    elif change == "small":
        photo = np.asarray(
            cv2.resize(photo, (200, 200 * height // width), interpolation=cv2.INTER_AREA), np.uint8
        )
    else:
        photo = np.asarray(
            cv2.copyMakeBorder(photo, 150, 150, 260, 100, cv2.BORDER_CONSTANT, value=(90, 90, 90)), np.uint8
        )
    picture = flatten(layers(photo, LOOK, 1024, 1024, quick=True))
    keep(f"{change} {name}", picture)
    mesh = face_in(picture)
    middle = (mesh.oval[:, 0].min() + mesh.oval[:, 0].max()) / 2
    assert abs(middle / 1024 - 0.5) < 0.03
    assert abs(mesh.eye_centre[1] / 1024 - 0.44) < 0.03


@pytest.mark.parametrize("shape", SHAPES)
def test_hair_hat_and_chin_lie_inside_every_shape(portrait: tuple[str, U8], shape: str) -> None:
    name, photo = portrait
    picture = layers(photo, {"shape": shape, "background": {"kind": "transparent"}}, 512, 512, cache_key=name)
    mesh = face_in(flatten(layers(photo, {"shape": shape}, 512, 512, cache_key=name)))
    person = picture.content[: int(mesh.eye_centre[1]), :, 3] > 200
    assert float(picture.mask[: person.shape[0]][person].mean()) > 253


def test_nothing_of_the_old_background_is_left(avatar: tuple[str, U8, U8]) -> None:
    name, photo, picture = avatar
    matrix = matrix_of(photo, LOOK, 1024)
    seen = 0
    for what, (x, y) in BEHIND[name].items():
        column, row = matrix @ np.array([x + 0.5, y + 0.5, 1])
        if 0 <= column < 1024 and 0 <= row < 1024 and np.hypot(column - 512, row - 512) < 420:
            seen += 1
            assert delta_e(f32(picture[int(row), int(column), :3]), f32(photo[y, x])) > 20, what
    assert seen


# Places close to the hat and the shoulder where the flag shines through a careless matte.
NEAR = ((213, 22), (210, 34), (222, 22), (197, 30), (187, 40), (158, 60), (56, 366), (50, 372), (140, 290))


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "change", ["none", pytest.param("mirrored", marks=SLOW), pytest.param("shifted", marks=SLOW), "tilted"]
)
def test_no_scrap_of_the_flag_clings_to_hat_or_shoulder(hopper: U8, change: str) -> None:
    height, width = hopper.shape[:2]
    move: np.ndarray = np.array([[1, 0, 0], [0, 1, 0]], np.float64)
    if change == "mirrored":
        move = np.array([[-1, 0, width - 1], [0, 1, 0]], np.float64)
    elif change == "shifted":
        move[0, 2] = -60
    elif change == "tilted":
        move = cv2.getRotationMatrix2D((width / 2, height / 2), 15, 1)
    photo = np.asarray(
        cv2.warpAffine(hopper, move, (width, height), borderMode=cv2.BORDER_REFLECT), dtype=np.uint8
    )
    clear = layers(photo, {"background": {"kind": "transparent"}}, 1024, 1024)
    matrix = matrix_of(photo, {}, 1024)
    seen = 0
    for x, y in NEAR:
        column, row = matrix @ np.array([*(move @ np.array([x, y, 1])), 1])
        if 0 <= column < 1024 and 0 <= row < 1024 and clear.mask[int(row), int(column)] > 250:
            seen += 1
            assert clear.content[int(row), int(column), 3] < 60, (x, y)
    assert seen >= 4


def test_the_face_keeps_its_pixels(avatar: tuple[str, U8, U8]) -> None:
    _, photo, picture = avatar
    matrix = matrix_of(photo, LOOK, 1024)
    face = detect_faces(photo)[0]
    mesh = find_mesh(photo, face)
    smooth = cv2.GaussianBlur(photo, (0, 0), 1.0)
    result = cv2.GaussianBlur(picture[..., :3], (0, 0), 2.0)
    for index in (1, 9, 50, 280, 151, 199, 5, 425, 205):
        x, y = mesh.points[index]
        column, row = matrix @ np.array([x, y, 1])
        assert delta_e(f32(result[int(row), int(column)]), f32(smooth[int(y), int(x)])) < 5


def test_a_transparent_background_leaves_only_the_person(collins: U8) -> None:
    picture = flatten(
        layers(collins, {"background": {"kind": "transparent"}}, 512, 512, cache_key="portrait")
    )
    assert picture[80, 256, 3] == 255 or picture[120, 256, 3] == 255
    assert picture[256, 60, 3] < 20
    assert picture[256, 256, 3] == 255


def test_each_background_is_what_was_asked(collins: U8) -> None:
    def at(kind: dict[str, object], image: U8 | None = None) -> list[int]:
        made = layers(collins, {"background": kind}, 256, 256, cache_key="portrait", backdrop_image=image)
        return [int(v) for v in flatten(made)[128, 24, :3]]

    assert at({"kind": "color", "color": "#009688"}) == [0, 150, 136]
    beach = np.full((50, 80, 3), (10, 200, 220), np.uint8)
    assert np.allclose(at({"kind": "image", "asset": "x"}, beach), (10, 200, 220), atol=2)
    red, _, blue = at({"kind": "gradient", "colors": ["#ff0000", "#0000ff"]})
    assert red > 40 and blue > 40
    assert at({"kind": "original"}) != at({"kind": "blur", "amount": 0.5})
    assert at({"kind": "auto"}) != at({"kind": "original"})


def test_blur_does_not_smear_the_person_into_the_background(collins: U8) -> None:
    made = layers(collins, {"background": {"kind": "blur", "amount": 0.3}}, 512, 512, cache_key="portrait")
    alone = layers(collins, {"background": {"kind": "transparent"}}, 512, 512, cache_key="portrait")
    alpha = alone.content[..., 3]
    free = (alpha < 5) & (made.mask > 250)
    near = cv2.dilate((alpha > 128).astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    rim = made.content[:220][(free & near)[:220]][:, :3].astype(np.float32).mean(axis=0)
    far = made.content[:220][(free & ~near)[:220]][:, :3].astype(np.float32).mean(axis=0)
    assert delta_e(f32(rim), f32(far)) < 10


def test_the_ring_lies_at_the_edge_and_the_shadow_below(collins: U8) -> None:
    made = layers(
        collins, {**LOOK, "ring": {"color": "#d4af37", "width": 0.06}}, 400, 400, cache_key="portrait"
    )
    left = int(shape_box(400, 400)[0])
    assert made.over[200, left + 10].tolist() == [212, 175, 55, 255]
    assert made.over[200, left + 40, 3] == 0
    assert made.under[395, 200, 3] > made.under[5, 200, 3]
    assert not layers(collins, {**LOOK, "shadow": False}, 64, 64, cache_key="portrait").under.any()


def test_edges_are_antialiased_at_every_size(collins: U8) -> None:
    for size in (16, 40, 333, 2048):
        mask = layers(collins, {"shape": "circle"}, size, size, cache_key="portrait", quick=True).mask
        box = shape_box(size, size)
        assert abs(float(mask.astype(np.float64).sum()) / 255 - np.pi / 4 * box[2] ** 2) / size**2 < 0.002
        assert ((mask > 20) & (mask < 235)).any()


def test_a_canvas_need_not_be_square(collins: U8) -> None:
    made = layers(collins, LOOK, 270, 480, cache_key="portrait")
    assert made.content.shape == (480, 270, 4)
    assert flatten(made)[20, 135, 3] == 0


def test_without_a_face_the_middle_is_taken() -> None:
    y, x = np.mgrid[:300, :500]
    photo = np.dstack([x // 2, y // 2, (x + y) // 4]).astype(np.uint8)
    made = layers(photo, {"shape": "square"}, 200, 200)
    middle = made.content[100, 100, :3].astype(int)
    assert np.abs(middle - photo[150, 250].astype(int)).max() < 12
    assert made.content[..., 3].min() == 255


def test_zoom_and_offset_move_the_frame(collins: U8) -> None:
    plain = face_in(flatten(layers(collins, LOOK, 512, 512, cache_key="portrait")))
    close = face_in(flatten(layers(collins, {**LOOK, "zoom": 1.4}, 512, 512, cache_key="portrait")))
    moved = face_in(
        flatten(layers(collins, {**LOOK, "offset": {"x": 0.1, "y": -0.05}}, 512, 512, cache_key="portrait"))
    )
    assert 1.3 < close.height / plain.height < 1.5
    assert moved.eye_centre[0] - plain.eye_centre[0] > 35
    assert moved.eye_centre[1] - plain.eye_centre[1] < -15


def test_shoulders_come_into_view_at_a_small_zoom(hopper: U8) -> None:
    wide = face_in(flatten(layers(hopper, {**LOOK, "zoom": 0.75}, 512, 512, cache_key="grace_hopper")))
    assert 0.22 < wide.height / 512 < 0.32


def test_where_the_photo_ends_early_no_streak_is_drawn(hopper: U8) -> None:
    cut = np.ascontiguousarray(hopper[:400])
    picture = layers(cut, {"background": {"kind": "transparent"}}, 512, 512).content
    below = picture[-60:, 100:-100, 3]
    assert float((below > 128).mean()) < 0.05


def test_brightness_acts_on_the_person_and_not_on_the_chosen_colour(collins: U8) -> None:
    look = {"background": {"kind": "color", "color": "#009688"}}
    plain = layers(collins, look, 256, 256, cache_key="portrait")
    bright = layers(collins, look, 256, 256, adjust={"brightness": 0.4}, cache_key="portrait")
    assert (bright.content[128, 24] == plain.content[128, 24]).all()
    assert bright.content[128, 128, :3].mean() > plain.content[128, 128, :3].mean() + 8


def test_neutral_adjustments_change_nothing(collins: U8) -> None:
    plain = layers(collins, LOOK, 128, 128, cache_key="portrait").content
    same = layers(
        collins, LOOK, 128, 128, adjust={"brightness": 0, "auto": False}, cache_key="portrait"
    ).content
    assert (plain == same).all()


def test_the_same_look_gives_the_same_picture(collins: U8) -> None:
    one, two = (flatten(layers(collins, {**LOOK, "style": "painting"}, 200, 200)) for _ in range(2))
    assert (one == two).all()


def test_flattening_puts_the_layers_in_order() -> None:
    def plain(color: tuple[int, int, int, int]) -> U8:
        return np.full((4, 4, 4), color, np.uint8)

    mask = np.full((4, 4), 255, np.uint8)
    mask[:2] = 0
    picture = flatten(Layers(plain((0, 255, 0, 255)), mask, plain((0, 0, 0, 51)), plain((0, 0, 0, 0))))
    assert picture[0, 0].tolist() == [0, 0, 0, 51]
    assert picture[3, 3].tolist() == [0, 255, 0, 255]


def test_a_recipe_object_is_as_good_as_a_mapping(collins: U8) -> None:
    assert engine.layers(collins, Recipe(), 64, 64, cache_key="portrait").mask.shape == (64, 64)


def test_a_wrong_recipe_is_refused(collins: U8) -> None:
    with pytest.raises(RecipeError, match="shape"):
        layers(collins, {"shape": "banana"}, 64, 64)


def test_lightness_of_the_gradient_shows_no_bands() -> None:
    picture = gradient(("#202028", "#30303a"), 1024, 1024)
    row = np.round(picture[:, 512, 0])
    assert len(set(np.diff(row).tolist())) > 2
    assert abs(float(to_oklab(f32(picture[0, 0]))[0]) - float(to_oklab(f32([32, 32, 40]))[0])) < 0.02


def test_without_a_face_a_clear_object_is_framed_and_cut_out() -> None:
    photo = np.full((400, 700, 3), (225, 228, 232), np.uint8)
    cv2.circle(photo, (180, 220), 90, (200, 40, 40), -1, cv2.LINE_AA)
    cv2.circle(photo, (180, 220), 40, (250, 220, 60), -1, cv2.LINE_AA)
    picture = flatten(layers(photo, {"background": {"kind": "color", "color": "#009688"}}, 256, 256))
    assert np.abs(picture[128, 128, :3].astype(int) - (250, 220, 60)).max() < 12
    assert np.abs(picture[128, 24, :3].astype(int) - (0, 150, 136)).max() < 12


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (200, 700), (900, 300), (40, 40)])
def test_odd_photos_still_give_a_picture(shape: tuple[int, int]) -> None:
    for photo in (np.zeros((*shape, 3), np.uint8), np.full((*shape, 3), 200, np.uint8)):
        picture = flatten(layers(photo, LOOK, 96, 96))
        assert picture.shape == (96, 96, 4)
        assert picture[48, 48, 3] == 255
