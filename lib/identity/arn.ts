import type { AuditResource } from '../audit/trail.ts';

interface Place {
  region: string;
  accountId: string;
}

/** `arn:aws:aidevops:<region>:<account>:service/<id>` (AWS service authorization reference, DevOps Agent). */
export function serviceResource({ region, accountId }: Place, id: string): AuditResource {
  return {
    type: 'AWS::DevOpsAgent::Service',
    id,
    arn: `arn:aws:aidevops:${region}:${accountId}:service/${id}`,
  };
}

/** `arn:aws:aidevops:<region>:<account>:agentspace/<id>`. */
export function spaceResource({ region, accountId }: Place, id: string): AuditResource {
  return {
    type: 'AWS::DevOpsAgent::AgentSpace',
    id,
    arn: `arn:aws:aidevops:${region}:${accountId}:agentspace/${id}`,
  };
}

/** An association's ARN lies below its space's. */
export function associationResource(place: Place, space: string, id: string): AuditResource {
  const { arn } = spaceResource(place, space);
  return { type: 'AWS::DevOpsAgent::Association', id, arn: `${arn}/association/${id}` };
}

/** An access token's ARN lies below its space's, too. */
export function accessTokenResource(place: Place, space: string, tokenId: string): AuditResource {
  const { arn } = spaceResource(place, space);
  return { type: 'AWS::DevOpsAgent::AccessToken', id: tokenId, arn: `${arn}/access-token/${tokenId}` };
}
