package io.catga.spring;

import io.catga.nats.NatsEventReceiver;
import io.catga.nats.NatsLink;
import io.catga.nats.NatsRequestReceiver;
import io.catga.transport.InboundMessages;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** What takes messages from NATS; not where an application, or a test, has put a mediator of its own in place. */
@AutoConfiguration(after = {CatgaAutoConfiguration.class, CatgaNatsAutoConfiguration.class})
@ConditionalOnClass(NatsLink.class)
@ConditionalOnBean({NatsLink.class, InboundMessages.class})
public class CatgaNatsReceiversAutoConfiguration {

    @Bean
    NatsRequestReceiver catgaNatsRequestReceiver(NatsLink link, InboundMessages inbound) {
        return new NatsRequestReceiver(link, inbound);
    }

    @Bean
    PhasedLifecycle catgaNatsRequestReceiverLifecycle(NatsRequestReceiver receiver, CatgaProperties properties) {
        return new PhasedLifecycle(
                "the receiver of requests",
                PhasedLifecycle.RECEIVERS,
                properties.shutdownGrace(),
                receiver::start,
                receiver::stop);
    }

    @Bean
    NatsEventReceiver catgaNatsEventReceiver(NatsLink link, InboundMessages inbound) {
        return new NatsEventReceiver(link, inbound);
    }

    @Bean
    PhasedLifecycle catgaNatsEventReceiverLifecycle(NatsEventReceiver receiver, CatgaProperties properties) {
        return new PhasedLifecycle(
                "the receiver of events",
                PhasedLifecycle.RECEIVERS,
                properties.shutdownGrace(),
                receiver::start,
                receiver::stop);
    }
}
