"""The optional remover: what it makes of a model's answer, and that the real package runs a real, tiny model."""

from __future__ import annotations

import asyncio
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

from assetgen.executors.threads import Threads
from assetgen.removers.base import Removal, RemovalError
from assetgen.removers.rembg import Cutter, Rembg, cutter

SIZE = (40, 30)


def picture(folder: Path) -> Path:
    """White to the left, black to the right."""
    made = Image.new("RGB", SIZE, (255, 255, 255))
    made.paste((0, 0, 0), (20, 0, 40, 30))
    made.save(folder / "master", "PNG")
    return folder / "master"


def left_half(source: Image.Image) -> Image.Image:
    """Stands in for a model: the subject is on the left."""
    mask = Image.new("L", source.size)
    mask.paste(255, (0, 0, source.width // 2, source.height))
    cutout = source.copy()
    cutout.putalpha(mask)
    return cutout


async def test_the_model_is_loaded_once_and_its_cutout_written(tmp_path: Path) -> None:
    loads = []

    def load() -> Cutter:
        loads.append(1)
        return left_half

    async with Threads(2) as threads:
        rembg = Rembg(threads, load)
        assert loads == []
        targets = [tmp_path / f"{number}" for number in range(3)]
        source = picture(tmp_path)
        done = await asyncio.gather(*[rembg.remove(Removal(source, target)) for target in targets])
        await rembg.close()
    assert loads == [1]
    assert {cut.foreground for cut in done} == {0.5}
    with Image.open(targets[0]) as made:
        assert (made.format, made.mode, made.size) == ("PNG", "RGBA", SIZE)
        assert made.getpixel((5, 5)) == (255, 255, 255, 255)
        assert made.getpixel((30, 5)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "cut",
    [
        lambda source: Image.new("RGBA", source.size),
        lambda source: source.resize((4, 3)).convert("RGBA"),
        lambda source: source,
    ],
    ids=["nothing", "another size", "no alpha"],
)
async def test_an_answer_without_a_subject_is_refused(tmp_path: Path, cut: Cutter) -> None:
    async with Threads(1) as threads:
        with pytest.raises(RemovalError, match="finds no subject"):
            await Rembg(threads, lambda: cut).remove(Removal(picture(tmp_path), tmp_path / "cutout"))
    assert not (tmp_path / "cutout").exists()


@pytest.mark.skipif(find_spec("rembg") is not None, reason="the extra `rembg` is installed")
async def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path) -> None:
    async with Threads(1) as threads:
        with pytest.raises(RemovalError, match="the remover `rembg` is not installed") as caught:
            await Rembg(threads).remove(Removal(picture(tmp_path), tmp_path / "cutout"))
    assert "pip install 'assetgen-build[rembg]'" in (caught.value.hint or "")


# --- with the package ------------------------------------------------------------------------------------------------


def tiny_model(path: Path) -> Path:
    """An ONNX model whose mask is the red channel of its input: 1 x 3 x 320 x 320 to 1 x 1 x 320 x 320."""
    onnx = pytest.importorskip("onnx", reason="the model is made with `onnx`, which is not installed")
    helper, float_ = onnx.helper, onnx.TensorProto.FLOAT
    ends = [
        helper.make_tensor(name, onnx.TensorProto.INT64, [1], [value])
        for name, value in (("first", 0), ("last", 1), ("axis", 1))
    ]
    graph = helper.make_graph(
        [helper.make_node("Slice", ["input", "first", "last", "axis"], ["mask"])],
        "red",
        [helper.make_tensor_value_info("input", float_, [1, 3, 320, 320])],
        [helper.make_tensor_value_info("mask", float_, [1, 1, 320, 320])],
        initializer=ends,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
    return path


@pytest.mark.skipif(
    find_spec("rembg") is None or find_spec("onnxruntime") is None, reason="the extra `rembg` is not installed"
)
@pytest.mark.filterwarnings("default")  # the package's own
async def test_the_package_runs_a_real_model(tmp_path: Path) -> None:
    os.environ["REMBG_HOME"] = str(tmp_path / "models")  # the environment is put back after each test
    model = tiny_model(tmp_path / "models" / "tiny.onnx")
    async with Threads(1) as threads:
        rembg = Rembg(threads, lambda: cutter("u2net_custom", {"model_path": str(model)}))
        done = await rembg.remove(Removal(picture(tmp_path), tmp_path / "cutout"))
    assert done.foreground == pytest.approx(0.5, abs=0.03)
    with Image.open(tmp_path / "cutout") as made:
        assert made.getpixel((5, 15)) == (255, 255, 255, 255)
        assert made.getpixel((35, 15)) == (0, 0, 0, 0)
    assert "rembg" in sys.modules


@pytest.mark.skipif(
    find_spec("rembg") is None or find_spec("onnxruntime") is None, reason="the extra `rembg` is not installed"
)
@pytest.mark.filterwarnings("default")
def test_a_model_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    os.environ["REMBG_HOME"] = str(tmp_path)
    (tmp_path / "broken.onnx").write_bytes(b"not a model")
    for model, settings in (("no-such-model", {}), ("u2net_custom", {"model_path": str(tmp_path / "broken.onnx")})):
        with pytest.raises(RemovalError, match=f"the model `{model}` of rembg cannot be loaded") as caught:
            cutter(model, settings)
        assert f"rembg d {model}" in (caught.value.hint or "")
