/** Events as SES publishes them (Amazon SES Developer Guide, "Examples of event data that Amazon SES publishes to Amazon SNS"). */

const mailTo = (to: string | string[]) => {
  const destination = [to].flat()
  return {
    // A little later than the ask, as SES stamps it.
    timestamp: new Date().toISOString(),
    source: 'Latchkey <sign-in@latchkey.test>',
    sourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/latchkey.test',
    sendingAccountId: '123456789012',
    messageId: 'EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000',
    destination,
    headersTruncated: false,
    headers: [{ name: 'To', value: destination.join(', ') }],
    commonHeaders: {
      from: ['sign-in@latchkey.test'],
      to: destination,
      subject: '123456 is your code',
    },
    tags: { 'ses:configuration-set': ['latchkey'], 'ses:from-domain': ['latchkey.test'] },
  }
}

export const bounceOf = (to: string | string[], more: object = {}) => ({
  eventType: 'Bounce',
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'NoEmail',
    bouncedRecipients: [to].flat().map((emailAddress) => ({
      emailAddress,
      action: 'failed',
      status: '5.1.1',
      diagnosticCode: `smtp; 550 5.1.1 <${emailAddress}>... User unknown`,
    })),
    timestamp: new Date().toISOString(),
    feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
    reportingMTA: 'dsn; mta.example.com',
    ...more,
  },
  mail: mailTo(to),
})

export const complaintOf = (to: string, more: object = {}) => ({
  eventType: 'Complaint',
  complaint: {
    complainedRecipients: [{ emailAddress: to }],
    timestamp: new Date().toISOString(),
    feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
    complaintSubType: null,
    userAgent: 'Amazon SES Mailbox Simulator',
    complaintFeedbackType: 'abuse',
    arrivalDate: new Date().toISOString(),
    ...more,
  },
  mail: mailTo(to),
})
