import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { tar, type TarFile } from "./tar.ts";

const file = (path: string, content = "x"): TarFile => ({ path, content: Buffer.from(content) });
const sha256 = (files: readonly TarFile[]): string => createHash("sha256").update(tar(files)).digest("hex");
const times = (text: string, count: number): string => text.repeat(count);

describe("an archive's bytes", () => {
  // Each is one file of mode 0600 and content "x", written by Go's archive/tar, which Pulumi's engine uses.
  const written: { title: string; path: string; hash: string }[] = [
    {
      title: "a short path",
      path: "a/b.txt",
      hash: "4d1281add7309f9d8ec37fe07e06a7ff5c7ce9c7c9b826d8d9c30882c2075287",
    },
    {
      title: "a name of 100 letters",
      path: times("x", 100),
      hash: "a50faf93d6449e09bee1b3930bc63b4152cbc320c1dec4f85812738b9eb07f59",
    },
    {
      title: "a name of 101 letters",
      path: times("x", 101),
      hash: "cbaaef21c126bb54407a90d3b3b88a29b7adb9a2d8fb697c7078fc208022b807",
    },
    {
      title: "a path that fits in two parts, just so",
      path: `${times("x", 155)}/${times("y", 100)}`,
      hash: "74fa795d9f414a718d15f9c55a1c3bd573074f503c902b412f3fa54527612df8",
    },
    {
      title: "a path whose folder is too long for its part",
      path: `${times("x", 156)}/${times("y", 100)}`,
      hash: "3617b36acf92b222a5109dffb76e508e54e9f1687c85aa08e51fb5b082b6b99c",
    },
    {
      title: "a path whose file is too long for its part",
      path: `${times("x", 90)}/${times("y", 155)}`,
      hash: "c4ee13ef0037ddd0138e4b7da822937aa5737e6ea4dc86ce4b169d7e4a2f5f7a",
    },
    {
      title: "a path of many folders",
      path: `${times("folder/", 40)}file`,
      hash: "6a80500d2253005c65ec9e0cec502fc88478b1b91e48f8be0a30fe973b3f1a2c",
    },
    {
      title: "a name beyond ASCII",
      path: "ä.txt",
      hash: "0d92a1184f7ae1f5aae145eee575860c814317c6f45790315526e00998880ff0",
    },
    {
      title: "a name with no ASCII in it",
      path: times("ä", 60),
      hash: "e12f8b39acd7d63c3875a8272b9345dc759f7575f40d04691536af3e9204c96b",
    },
    {
      title: "a record whose length has a digit more for counting itself",
      path: times("ä", 45),
      hash: "26bb7329b476ff27804c40e9b78515d383d5c715d714bf7948d9dcf251af6940",
    },
    {
      title: "a long folder before a name with no ASCII in it",
      path: `${times("n", 99)}/${times("ä", 60)}`,
      hash: "4a6bac1cd43563a9d1a0a629e5f833f921249b9704879fe7aff5cd002a6a5e93",
    },
  ];
  for (const { title, path, hash } of written)
    it(`are those of Go's archive/tar for ${title}`, () => {
      assert.equal(sha256([file(path)]), hash);
    });

  it("are whole blocks, and two empty ones for no files", () => {
    assert.deepEqual(tar([]), Buffer.alloc(1024));
    fc.assert(fc.property(fc.string(), (content) => assert.equal(tar([file("a", content)]).length % 512, 0)));
  });

  it("are sorted by path, whatever the order given, which is left as it was", () => {
    const files = [file("b"), file("a/c"), file("a")];
    assert.deepEqual(tar(files), tar(files.toReversed()));
    assert.deepEqual(
      files.map(({ path }) => path),
      ["b", "a/c", "a"],
    );
  });
});
