import { meantBy } from "./misspelt.ts";

/** What stands before `.amazonaws.com` in the principals of services that programs trust: enough to tell a slip. */
const SERVICES = (
  "access-analyzer acm-pca airflow amplify apigateway appconfig application-autoscaling appsync athena autoscaling " +
  "backup batch bedrock billingconsole budgets bcm-data-exports cloud9 cloudformation cloudfront cloudtrail " +
  "cloudwatch codebuild codedeploy codepipeline cognito-idp config connect cost-optimization-hub costalerts " +
  "databrew datasync dax dlm dms docdb dynamodb ec2 ec2fleet ecr ecs ecs-tasks edgelambda eks eks-fargate-pods " +
  "elasticache elasticbeanstalk elasticfilesystem elasticloadbalancing elasticmapreduce es events export.rds " +
  "firehose fis fsx gamelift glacier glue grafana guardduty health iam imagebuilder inspector inspector2 iot kafka " +
  "kinesis kinesisanalytics kms lakeformation lambda lex logger.cloudfront logs logdelivery.elasticloadbalancing macie " +
  "delivery.logs malware-protection-plan.guardduty mediaconvert memorydb monitoring monitoring.rds mq network-firewall " +
  "opensearchservice ops.apigateway osis pipes pods.eks quicksight ram rds redshift replicator.lambda resource-groups " +
  "rotate.secretsmanager route53 route53resolver s3 sagemaker scheduler secretsmanager securityhub serverlessrepo " +
  "servicecatalog ses signer sms-voice sns spot spotfleet sqs ssm states storagegateway streams.metrics.cloudwatch " +
  "synthetics support tagging transfer trustedadvisor vpc-flow-logs waf wafv2 workspaces xray"
).split(" ");

const SUFFIX = /\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/;

/** Whether IAM would call the name of a service no principal: a slip, or no address of AWS. */
export function isNoService(name: string): boolean {
  if (!SUFFIX.test(name)) return true;
  // Some services have a principal per region, `logs.eu-west-1.amazonaws.com`.
  const service = name.replace(SUFFIX, "").replace(/\.[a-z]{2}(-[a-z]+)+-\d$/, "");
  return name.endsWith(".amazonaws.com") && meantBy(service, SERVICES) !== undefined;
}
