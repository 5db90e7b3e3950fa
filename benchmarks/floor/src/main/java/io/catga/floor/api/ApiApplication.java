package io.catga.floor.api;

import io.catga.floor.cluster.NatsConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** Orders over HTTP. */
@SpringBootApplication(proxyBeanMethods = false)
@Import(NatsConfiguration.class)
public class ApiApplication {}
