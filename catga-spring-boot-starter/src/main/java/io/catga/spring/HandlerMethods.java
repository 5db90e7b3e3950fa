package io.catga.spring;

import io.catga.Handler;
import io.catga.MediatorBuilder;
import java.lang.reflect.Method;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;

/**
 * The methods of all beans that are marked with {@link Handler}. They are looked for in the class that the user has
 * written, and called on the bean, so that advice such as {@code @Transactional} applies to them.
 */
final class HandlerMethods {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerMethods.class);

    private static final MethodFilter MARKED = method -> AnnotatedElementUtils.hasAnnotation(method, Handler.class);

    private final ConfigurableListableBeanFactory beans;

    HandlerMethods(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** A bean is asked for only where it has a handler, so a lazy one that has none stays unmade. */
    void addTo(MediatorBuilder builder) {
        for (String name : beans.getBeanNamesForType(Object.class)) {
            // The target of a scoped proxy is reached through the proxy, which is a bean of its own.
            if (!ScopedProxyUtils.isScopedTarget(name)) {
                marked(name).forEach(method -> add(builder, beans.getBean(name), method));
            }
        }
    }

    private Set<Method> marked(String name) {
        Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
        if (type == null
                || type.getName().startsWith("org.springframework.")
                || !AnnotationUtils.isCandidateClass(type, Handler.class)) {
            return Set.of();
        }
        try {
            return MethodIntrospector.selectMethods(type, MARKED);
        } catch (IllegalStateException | LinkageError e) {
            LOG.debug("{} has methods with types that are not on the class path, so none is a handler", type, e);
            return Set.of();
        }
    }

    private static void add(MediatorBuilder builder, Object bean, Method method) {
        try {
            builder.handlerMethod(bean, AopUtils.selectInvocableMethod(method, bean.getClass()));
        } catch (IllegalStateException e) {
            builder.finding("%s.%s cannot be called through the proxy of its bean: %s"
                    .formatted(method.getDeclaringClass().getName(), method.getName(), e.getMessage()));
        }
    }
}
