import type { ImageReference } from "../../api/index.js";
import type { ImageCatalog } from "../image-service.js";
import { addExecutable, busyboxRoot, layerOver } from "./families.js";
import { NO_CONFIG, type CatalogImage } from "./image.js";
import { baseImages } from "./images/base-images.js";
import { serverImages } from "./images/server-images.js";
import { testImages } from "./images/test-images.js";
import { nginxImages } from "./nginx/image.js";
import { imageOf, type ImageRecipe } from "./recipe.js";

const RECIPES: ReadonlyMap<string, ImageRecipe> = new Map(
  [...baseImages, ...nginxImages, ...serverImages, ...testImages].flatMap((recipe) =>
    recipe.names.map((name): [string, ImageRecipe] => [name, recipe]),
  ),
);

/** The well-known images. Any other has a busybox userland and, without a command of its own, runs until stopped (contract, "Images"). */
export const imageCatalog: ImageCatalog = {
  find(reference: ImageReference): CatalogImage {
    const { path } = reference;
    const recipe = RECIPES.get(path) ?? RECIPES.get(path.slice(path.lastIndexOf("/") + 1));
    return recipe === undefined ? unknownImage(path) : imageOf(recipe, reference);
  },
};

const unknownRoot = layerOver(busyboxRoot, (builder) => {
  addExecutable(builder, "/run-until-stopped", "run-until-stopped", 741_376, 4_194_304);
});

const unknownImage = (name: string): CatalogImage => ({
  name,
  sizeBytes: 30_000_000,
  config: { ...NO_CONFIG, cmd: ["/run-until-stopped"] },
  root: unknownRoot,
});
