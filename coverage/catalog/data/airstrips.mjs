// Derives airstrips.geojson, the Peruvian entries of OurAirports.
// Run: node airstrips.mjs
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { round6, withPackage, writeFeatures } from "./fetch.mjs";

const metresPerFoot = 0.3048;

// The package does not say when its copy was taken; it is no later than its release.
const asOf = "2026-09-19";

/** Parses RFC 4180 CSV with a header line into objects. */
function parseCSV(text) {
  const rows = [[]];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const [, value, end] = cell.exec(text);
    rows.at(-1).push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end !== ",") rows.push([]);
  }
  const [header, ...records] = rows.filter((r) => r.length > 0);
  return records.map((r) => Object.fromEntries(header.map((h, i) => [h, r[i]])));
}

const metres = (feet) => (feet === "" || feet === undefined ? undefined : Math.round(Number(feet) * metresPerFoot * 10) / 10);

// Where OurAirports spells a department differently from Natural Earth.
const spelling = { Ancash: "Áncash", Cuzco: "Cusco" };

const department = (region) => {
  const name = clean(region).replace(/ Region$/, "");
  return spelling[name] ?? name;
};

/** Drops soft hyphens and outer blanks, which one name of the list carries. */
const clean = (text) => text.replaceAll("\u00ad", "").trim();

function longestRunways(runways) {
  const longest = new Map();
  for (const { airport_ident: ident, length_ft: feet, closed } of runways) {
    if (closed !== "1" && Number(feet) > (longest.get(ident) ?? 0)) longest.set(ident, Number(feet));
  }
  return longest;
}

withPackage("@cyanheads/ourairports-mcp-server@0.2.3", (dir) => {
  const read = (name) => parseCSV(readFileSync(join(dir, "data", name), "utf8"));
  const regions = new Map(read("regions.csv").map((r) => [r.code, department(r.name)]));
  const longest = longestRunways(read("runways.csv"));
  const features = read("airports.csv")
    .filter((a) => a.iso_country === "PE")
    .map((a) => ({
      type: "Feature",
      id: a.ident,
      properties: {
        name: clean(a.name),
        kind: a.type === "closed" ? undefined : a.type,
        status: a.type === "closed" ? "closed" : "active",
        elevation_amsl_m: metres(a.elevation_ft),
        length_m: metres(longest.get(a.ident)),
        municipality: clean(a.municipality) || undefined,
        region: regions.get(a.iso_region),
        as_of: asOf,
      },
      geometry: { type: "Point", coordinates: [Number(a.longitude_deg), Number(a.latitude_deg)].map(round6) },
    }));
  writeFeatures("airstrips.geojson", features.sort((a, b) => (a.id < b.id ? -1 : 1)));
});
