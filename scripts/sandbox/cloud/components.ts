import { constructImage } from "./awsx/construct-image.ts";
import { constructVpc } from "./awsx/construct-vpc.ts";
import type { Constructor } from "./construct.ts";

/** Remote components that the cloud constructs, by token. */
export const components: Readonly<Record<string, Constructor>> = {
  "awsx:ec2:Vpc": constructVpc,
  "awsx:ecr:Image": constructImage,
};
