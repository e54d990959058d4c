import type { ImageReference } from "../../api/index.js";
import type { Directory, LayerBuilder } from "../../vfs/index.js";
import { alpineRoot, busyboxRoot, debianRoot, layerOver, scratchRoot } from "./families.js";
import { releaseOf } from "./releases.js";
import { NO_CONFIG, type CatalogImage, type ImageConfig } from "./image.js";

export type Base = "alpine" | "busybox" | "debian" | "scratch";

/** Which of an image's variants a tag means. */
export interface Variant {
  readonly base: Base;
  readonly version: string;
  readonly tag: string;
}

/** How an image of the catalogue is made, for all of its tags. */
export interface ImageRecipe {
  /** Repository paths (`library/nginx`, `fluent/fluent-bit`) or last parts of them (`nginx`). */
  readonly names: readonly string[];
  readonly base: Base;
  /** What an unversioned tag means. */
  readonly version: string;
  /** Words of releases.ts, where a tag may name a series alone. */
  readonly releases?: string;
  /** Versions by names that tags have for them: `jammy`. */
  readonly versionNames?: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
  readonly config: (variant: Variant) => Partial<ImageConfig>;
  readonly files?: (builder: LayerBuilder, variant: Variant) => void;
}

const ROOTS: Readonly<Record<Base, () => Directory>> = {
  alpine: alpineRoot,
  busybox: busyboxRoot,
  debian: debianRoot,
  scratch: scratchRoot,
};

/** What an Alpine variant is smaller by. */
const ALPINE_SHARE = 0.4;

const made = new WeakMap<ImageRecipe, Map<string, CatalogImage>>();

/** The image that a reference means. The same tag gives the same image, with the same files, every time. */
export const imageOf = (recipe: ImageRecipe, reference: ImageReference): CatalogImage => {
  const { tag } = reference;
  const isAlpine = tag.includes("alpine") && recipe.base === "debian";
  const version = versionOf(recipe, tag);
  const variant: Variant = { base: isAlpine ? "alpine" : recipe.base, version, tag };
  const key = `${variant.base} ${version}`;
  const images = made.get(recipe) ?? new Map<string, CatalogImage>();
  made.set(recipe, images);
  const image = images.get(key) ?? makeImage(recipe, variant);
  images.set(key, image);
  return image;
};

const versionOf = (recipe: ImageRecipe, tag: string): string => {
  const { versionNames = {}, releases } = recipe;
  const [name = ""] = tag.split("-");
  const named = Object.hasOwn(versionNames, name) ? versionNames[name] : undefined;
  const version = named ?? /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1] ?? recipe.version;
  return releases === undefined ? version : releaseOf(version, releases);
};

const makeImage = (recipe: ImageRecipe, variant: Variant): CatalogImage => {
  const root = ROOTS[variant.base];
  const { files } = recipe;
  const isSmall = variant.base === "alpine" && recipe.base === "debian";
  return {
    name: recipe.names[0] ?? "",
    sizeBytes: Math.round(recipe.sizeBytes * (isSmall ? ALPINE_SHARE : 1)),
    config: { ...NO_CONFIG, ...recipe.config(variant) },
    root:
      files === undefined
        ? root
        : layerOver(root, (builder) => {
            files(builder, variant);
          }),
  };
};
