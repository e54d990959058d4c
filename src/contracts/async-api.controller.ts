import { Controller, Get } from "@nestjs/common";
import { ApiExcludeController } from "@nestjs/swagger";
import { SIM_API_VERSION } from "./sim-api-version.js";
import { asyncApiDocument } from "./async-api.js";

@ApiExcludeController()
@Controller("asyncapi.json")
export class AsyncApiController {
  #document: Record<string, unknown> | null = null;

  @Get()
  read(): Record<string, unknown> {
    this.#document ??= asyncApiDocument(SIM_API_VERSION);
    return this.#document;
  }
}
