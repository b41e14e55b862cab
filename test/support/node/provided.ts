/** What global-setup.ts hands to every test. Types only, so that tests inside workerd can name it too. */
export interface Provided {
  /** DynamoDB Local itself. */
  dynamodbEndpoint: string
  /** The fault proxy in front of it; add `/<scenario>`. */
  faultEndpoint: string
  /** The inbox that stands in for SES and End User Messaging. */
  inboxEndpoint: string
  /** The stand-in of AWS STS; add `/<scenario>`. */
  stsEndpoint: string
  /** The stand-in of AWS SQS: its queues are at `/123456789012/<queue>`. */
  sqsEndpoint: string
  /** Answers where the torture kit is, and starts it when it is first asked. */
  tortureEndpoint: string
}

declare module 'vitest' {
  export interface ProvidedContext extends Provided {}
}
