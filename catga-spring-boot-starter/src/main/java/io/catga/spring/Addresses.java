package io.catga.spring;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether addresses are configured, in whatever form: with commas, as a YAML list, by an environment variable. */
final class Addresses {

    private Addresses() {}

    static boolean areIn(Environment environment, String property) {
        return Binder.get(environment)
                .bind(property, Bindable.listOf(String.class))
                .map(addresses -> !addresses.isEmpty())
                .orElse(false);
    }
}
