package io.catga.spring;

import io.catga.transport.DeadLetters;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The endpoint {@code catgadeadletters} to work with dead letters, where it is exposed, and the metrics
 * {@code catga.deadletters} and {@code catga.deadletters.age}; for an application that has {@link DeadLetters}.
 */
@AutoConfiguration(
        after = {CatgaAutoConfiguration.class, CatgaInMemoryAutoConfiguration.class, CatgaNatsAutoConfiguration.class})
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(DeadLetters.class)
public class CatgaDeadLettersAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint
    @ConditionalOnMissingBean
    DeadLettersEndpoint catgaDeadLettersEndpoint(DeadLetters letters, Clock clock) {
        return new DeadLettersEndpoint(letters, clock);
    }

    @Bean
    MeterBinder catgaDeadLetterMeters(DeadLetters letters, Clock clock) {
        return new DeadLetterMeters(
                letters,
                clock,
                task -> Thread.ofVirtual().name("catga-dead-letters").start(task));
    }
}
