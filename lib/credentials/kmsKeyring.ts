import { type AwsEsdkKMSInterface, KmsKeyringClass } from '@aws-crypto/kms-keyring';
import {
  immutableClass,
  KeyringNode,
  type Newable,
  type NodeAlgorithmSuite,
} from '@aws-crypto/material-management-node';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';

const Base = KmsKeyringClass<NodeAlgorithmSuite, AwsEsdkKMSInterface>(KeyringNode as Newable<KeyringNode>);

/** The SDK's KMS keyring over a client of our own, so that a bundle carries two KMS commands instead of all. */
export class KmsKeyring extends Base {}
immutableClass(KmsKeyring);

/** A failed KMS call: the SDK hands decryption failures on as text only. */
export interface KmsFault {
  error: unknown;
  keyArn: string;
}

type Answer<Call extends keyof AwsEsdkKMSInterface> = ReturnType<AwsEsdkKMSInterface[Call]>;

/** The KMS calls that the keyring makes; each failure is told to `onFault` before it goes on. */
export function kmsCalls(client: KMSClient, onFault: (fault: KmsFault) => void): AwsEsdkKMSInterface {
  const told = (keyArn: string | undefined) => (error: unknown) => {
    onFault({ error, keyArn: keyArn ?? '' });
    throw error;
  };
  // The casts: the two SDKs agree but on `undefined` in optional members.
  return {
    generateDataKey: input =>
      client.send(new GenerateDataKeyCommand(input)).catch(told(input.KeyId)) as Answer<'generateDataKey'>,
    decrypt: input => client.send(new DecryptCommand(input)).catch(told(input.KeyId)) as Answer<'decrypt'>,
    encrypt: () =>
      Promise.reject(new Error('A value has one data key, which is generated, never re-wrapped')),
  };
}
