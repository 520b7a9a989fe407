import assert from "node:assert/strict";
import fc from "fast-check";
import { resourceOf, urnOf } from "../state/resource.arbitrary.ts";
import type { ResourceState } from "../state/resource.ts";
import { deletionLevels, dependentsOf, ordered, requirements, transitiveRequirements } from "./dependency-graph.ts";

/** How one resource can need another. */
const WAYS: Readonly<Record<string, (urn: string) => Partial<ResourceState>>> = {
  dependency: (urn) => ({ dependencies: [urn] }),
  "property dependency": (urn) => ({ propertyDependencies: { a: [urn] } }),
  parent: (urn) => ({ parent: urn }),
  provider: (urn) => ({ provider: `${urn}::id` }),
  deletedWith: (urn) => ({ deletedWith: urn }),
  replaceWith: (urn) => ({ replaceWith: [urn] }),
};

/** Resources that need only ones of lower number, some twice under one URN (replaced ones), in any order. */
const anyGraph: fc.Arbitrary<ResourceState[]> = fc
  .array(
    fc.record({
      needs: fc.array(fc.tuple(fc.nat(), fc.constantFrom(...Object.keys(WAYS))), { maxLength: 4 }),
      twice: fc.boolean(),
    }),
    {
      maxLength: 12,
    },
  )
  .map((nodes) =>
    nodes.flatMap(({ needs, twice }, index) => {
      const state = resourceOf(urnOf(`n${index}`));
      if (index > 0) for (const [target, way] of needs) Object.assign(state, WAYS[way]!(urnOf(`n${target % index}`)));
      return twice ? [state, { ...state, delete: true }] : [state];
    }),
  );
const anyShuffled = anyGraph.chain((states) => fc.shuffledSubarray(states, { minLength: states.length }));

const chain = (length: number): ResourceState[] =>
  Array.from({ length }, (_, index) =>
    resourceOf(urnOf(String(index)), index === 0 ? {} : { dependencies: [urnOf(String(index - 1))] }),
  );

describe("what a resource requires", () => {
  for (const [way, fields] of Object.entries(WAYS))
    it(`is its ${way}`, () => {
      assert.deepEqual(requirements(resourceOf(urnOf("a"), fields(urnOf("b")))), [urnOf("b")]);
    });

  it("is named once, however often it is needed", () => {
    const everything = Object.assign(
      {},
      ...Object.values(WAYS).map((fields) => fields(urnOf("b"))),
    ) as Partial<ResourceState>;
    assert.deepEqual(requirements(resourceOf(urnOf("a"), everything)), [urnOf("b")]);
  });
});

describe("ordered resources", () => {
  it("stand after what they require, and none is lost or added", () => {
    fc.assert(
      fc.property(anyShuffled, (states) => {
        const result = ordered(states);
        assert.deepEqual(new Set(result), new Set(states));
        assert.equal(result.length, states.length);
        const seen = new Set<ResourceState>();
        for (const state of result) {
          seen.add(state);
          for (const urn of requirements(state))
            for (const required of states)
              if (required.urn === urn) assert.ok(seen.has(required), `${state.urn} before ${urn}`);
        }
      }),
    );
  });

  it("stay as they are where they are ordered already", () => {
    fc.assert(fc.property(anyGraph, (states) => assert.deepEqual(ordered(states), states)));
  });

  it("may require what does not exist, themselves, or each other", () => {
    const states = [
      resourceOf(urnOf("a"), { dependencies: [urnOf("b"), urnOf("gone"), urnOf("a")] }),
      resourceOf(urnOf("b"), { dependencies: [urnOf("a")] }),
    ];
    assert.deepEqual(new Set(ordered(states)), new Set(states));
  });

  it("may be a chain of 20,000, in the worst order", () => {
    const states = chain(20_000);
    assert.deepEqual(
      ordered(states.toReversed()).map(({ urn }) => urn),
      states.map(({ urn }) => urn),
    );
  });
});

describe("deletion levels", () => {
  it("delete nothing before, or along with, what needs it", () => {
    fc.assert(
      fc.property(anyShuffled, (states) => {
        const levels = deletionLevels(states);
        assert.deepEqual(new Set(levels.flat()), new Set(states));
        const levelOf = new Map(levels.flatMap((level, index) => level.map((state) => [state, index] as const)));
        for (const state of states)
          for (const urn of requirements(state))
            for (const required of states)
              if (required.urn === urn)
                assert.ok(levelOf.get(state)! < levelOf.get(required)!, `${urn} before ${state.urn}`);
      }),
    );
  });

  it("delete a diamond from its tip, both sides together", () => {
    const [top, left, right, tip] = [
      resourceOf(urnOf("top")),
      resourceOf(urnOf("left"), { dependencies: [urnOf("top")] }),
      resourceOf(urnOf("right"), { parent: urnOf("top") }),
      resourceOf(urnOf("tip"), { dependencies: [urnOf("left"), urnOf("right")] }),
    ] as const;
    assert.deepEqual(deletionLevels([top, left, right, tip]), [[tip], [left, right], [top]]);
  });

  it("are none for nothing, and one each for a chain of 20,000", () => {
    assert.deepEqual(deletionLevels([]), []);
    const levels = deletionLevels(chain(20_000));
    assert.equal(levels.length, 20_000);
    assert.equal(levels[0]?.[0]?.urn, urnOf("19999"));
  });
});

describe("everything that resources need", () => {
  it("is what they reach, whether it exists or not, and not what reaches them", () => {
    const states = [
      resourceOf(urnOf("a"), { dependencies: [urnOf("gone")] }),
      resourceOf(urnOf("b"), { parent: urnOf("a") }),
      resourceOf(urnOf("c"), { dependencies: [urnOf("b")] }),
    ];
    assert.deepEqual(transitiveRequirements([states[1]!], states), new Set([urnOf("a"), urnOf("gone")]));
    assert.deepEqual(transitiveRequirements([], states), new Set());
  });

  it("may be a chain of 20,000", () => {
    const states = chain(20_000);
    assert.equal(transitiveRequirements([states.at(-1)!], states).size, 19_999);
  });
});

describe("dependents", () => {
  it("are all that a resource reaches, but not its children for being children", () => {
    const root = resourceOf(urnOf("root"));
    const direct = resourceOf(urnOf("direct"), { dependencies: [root.urn] });
    const indirect = resourceOf(urnOf("indirect"), { propertyDependencies: { a: [direct.urn] } });
    const provided = resourceOf(urnOf("provided"), { provider: `${root.urn}::id` });
    const bound = resourceOf(urnOf("bound"), { deletedWith: provided.urn });
    const child = resourceOf(urnOf("child"), { parent: root.urn });
    const other = resourceOf(urnOf("other"));
    assert.deepEqual(dependentsOf(root, [bound, other, indirect, child, direct, provided, root]), [
      provided,
      bound,
      direct,
      indirect,
    ]);
  });

  it("count children where asked, and pass over what is ignored with all that hangs on it", () => {
    const root = resourceOf(urnOf("root"));
    const child = resourceOf(urnOf("child"), { parent: root.urn });
    const direct = resourceOf(urnOf("direct"), { dependencies: [root.urn] });
    const indirect = resourceOf(urnOf("indirect"), { dependencies: [direct.urn] });
    const states = [root, child, direct, indirect];
    assert.deepEqual(dependentsOf(root, states, { children: true }), [child, direct, indirect]);
    assert.deepEqual(dependentsOf(root, states, { children: true, ignored: new Set([direct.urn]) }), [child]);
  });

  it("may be a chain of 20,000", () => {
    const states = chain(20_000);
    assert.equal(dependentsOf(states[0]!, states).length, 19_999);
  });
});
