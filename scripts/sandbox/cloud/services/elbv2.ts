import type { Service } from "../service.ts";
import { listener, listenerCertificate } from "./elbv2-listeners.ts";
import { loadBalancer } from "./elbv2-load-balancers.ts";
import { LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP, TRUST_STORE } from "./elbv2-lookup.ts";
import { listenerRule } from "./elbv2-rules.ts";
import { targetGroup, targetGroupAttachment } from "./elbv2-target-groups.ts";
import { trustStore } from "./elbv2-trust-stores.ts";

export const elbv2: Service = {
  resources: {
    [LOAD_BALANCER]: loadBalancer,
    [LISTENER]: listener,
    [LISTENER_RULE]: listenerRule,
    "aws:lb/listenerCertificate:ListenerCertificate": listenerCertificate,
    [TARGET_GROUP]: targetGroup,
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": targetGroupAttachment,
    [TRUST_STORE]: trustStore,
  },
};
