/**
 * DynamoDB Local's own server listens on every interface and has no option for that; its HTTP server (Jetty) and
 * its request handler, put together here, listen on one address and tell the port they got. The last argument of
 * the handler is the origin that browsers may call from: none.
 */
export const jettyConfiguration = `<?xml version="1.0"?>
<Configure id="Server" class="org.eclipse.jetty.server.Server">
  <Set name="handler">
    <New class="com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler">
      <Arg>
        <New class="com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler">
          <Arg type="int">0</Arg>
          <Arg type="boolean">false</Arg>
          <Arg><Property name="engine.store"/></Arg>
          <Arg type="boolean">true</Arg>
          <Arg type="boolean">false</Arg>
        </New>
      </Arg>
      <Arg>https://none.invalid</Arg>
    </New>
  </Set>
  <Call name="addConnector">
    <Arg>
      <New class="org.eclipse.jetty.server.ServerConnector">
        <Arg><Ref refid="Server"/></Arg>
        <Set name="host"><Property name="engine.host"/></Set>
        <Set name="port" type="int">0</Set>
      </New>
    </Arg>
  </Call>
</Configure>
`;
