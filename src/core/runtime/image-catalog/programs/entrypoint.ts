import type { ImageProgram } from "../../kernel/image-sys.js";
import { execCommand } from "../exec-command.js";

/**
 * The `docker-entrypoint.sh` that many official images have: options alone are for the server; started as root, the server runs as a user of its own; then
 * the command takes over.
 * @param server what the image runs by default
 * @param user whom the server runs as; null: whoever starts it
 */
export const entrypoint = (server: string, user: number | null): ImageProgram =>
  function* (sys, argv, env) {
    const words = argv.slice(1);
    const [first = ""] = words;
    const isForServer = first.startsWith("-") || /\.conf$/.test(first);
    const command = isForServer ? [server, ...words] : words;
    if (command[0] === server && user !== null && sys.uid === 0) sys.becomeUser(user, user);
    return yield* execCommand(sys, "docker-entrypoint.sh", command, env);
  };
