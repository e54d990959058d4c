import { Module } from "@nestjs/common";
import { AsyncApiController } from "./async-api.controller.js";

/** What the service promises, published by the service itself. */
@Module({ controllers: [AsyncApiController] })
export class ContractsModule {}
