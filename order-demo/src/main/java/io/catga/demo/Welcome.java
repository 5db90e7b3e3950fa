package io.catga.demo;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says what to try, once there is somebody to answer. */
@Component
final class Welcome {

    private static final Logger LOG = LoggerFactory.getLogger(Welcome.class);

    private volatile int port;

    @EventListener
    void on(WebServerInitializedEvent started) {
        port = started.getWebServer().getPort();
    }

    @EventListener(ApplicationReadyEvent.class)
    void sayWhatToTry() {
        LOG.info("""


                The order system is ready, in this one process. What it keeps ends with it.

                  console      http://127.0.0.1:{}/
                  orders       http://127.0.0.1:{}/api/orders        API description http://127.0.0.1:{}/swagger-ui

                Try:  curl -i http://127.0.0.1:{}/api/orders -H 'Content-Type: application/json' \
                -d '{"customerId":"c","items":[{"productId":"p","quantity":2,"price":100}]}'
                Stop: Ctrl-C
                """, port, port, port, port);
    }
}
