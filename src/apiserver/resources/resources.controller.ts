import { All, Controller, Inject, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ResourcesService } from "./resources.service.js";

/** One handler for every resource: what differs between kinds is in the resource table. */
@Controller()
export class ResourcesController {
  constructor(@Inject(ResourcesService) private readonly resources: ResourcesService) {}

  @All(["api/:version/*", "apis/:group/:version/*"])
  serve(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.resources.serve(request, reply);
  }
}
