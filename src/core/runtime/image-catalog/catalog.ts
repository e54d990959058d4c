import type { ImageReference } from "../../api/index.js";
import type { ImageCatalog } from "../image-service.js";
import { busyboxRoot, addExecutable, layerOver, scratchRoot } from "./families.js";
import { NO_CONFIG, type CatalogImage } from "./image.js";

const IMAGES: readonly CatalogImage[] = [
  {
    name: "pause",
    sizeBytes: 320_448,
    config: { ...NO_CONFIG, entrypoint: ["/pause"], user: "65535:65535" },
    root: layerOver(scratchRoot, (builder) =>
      addExecutable(builder, "/pause", "pause", 741_376, 311_296),
    ),
  },
  {
    name: "busybox",
    sizeBytes: 2_223_685,
    config: { ...NO_CONFIG, cmd: ["sh"] },
    root: busyboxRoot,
  },
];

/** The well-known images. Any other has a busybox userland and, without a command of its own, runs until stopped (contract, "Images"). */
export const imageCatalog: ImageCatalog = {
  find({ path }: ImageReference): CatalogImage {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return IMAGES.find((image) => image.name === name) ?? unknownImage(path);
  },
};

const unknownRoot = layerOver(busyboxRoot, (builder) =>
  addExecutable(builder, "/run-until-stopped", "run-until-stopped", 741_376, 4_194_304),
);

const unknownImage = (name: string): CatalogImage => ({
  name,
  sizeBytes: 30_000_000,
  config: { ...NO_CONFIG, cmd: ["/run-until-stopped"] },
  root: unknownRoot,
});
