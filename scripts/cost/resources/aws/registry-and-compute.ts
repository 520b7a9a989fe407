import { type Entries, free, notPriced, priced } from "../entry.ts";
import { shareAmong } from "../share.ts";

/** Amazon ECR, and compute that the program does not use today. */
export const registryAndCompute: Entries = {
  "aws:ecr/repository:Repository": priced((repository, world) => [
    { price: "ecr-storage", ...shareAmong(world.usage.imageGb, repository, world) },
  ]),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": free("A setting of the repository."),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": free("A setting of the repository."),
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": notPriced(
    "Enhanced scanning is charged by Inspector, which is not in prices.csv.",
  ),
  "aws:ec2/instance:Instance": notPriced("EC2 instances are not in prices.csv."),
  "aws:ebs/volume:Volume": notPriced("EBS volumes are not in prices.csv."),
  "aws:autoscaling/group:Group": notPriced("EC2 instances are not in prices.csv."),
  "aws:eks/cluster:Cluster": notPriced("EKS is not in prices.csv."),
  "aws:apigatewayv2/api:Api": notPriced("API Gateway is not in prices.csv."),
};
