# The bot as one container: no root, nothing written but to /data.
FROM python:3.13-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/shoes
WORKDIR /source

# The locked versions first: a change of our own code leaves this layer as it is.
COPY requirements.lock ./
RUN /opt/shoes/bin/python -m pip install --require-hashes --requirement requirements.lock

COPY . ./
RUN /opt/shoes/bin/python -m pip install --no-deps --no-build-isolation .


FROM python:3.13-slim-bookworm

RUN useradd --system --uid 10001 --user-group --home-dir /data shoes \
    && install --directory --owner shoes --group shoes --mode 700 /data
COPY --from=build /opt/shoes /opt/shoes

# The container's own network is the outside: what it listens on is decided where it is started.
ENV PATH=/opt/shoes/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SHOES_DATABASE_URL=sqlite:////data/shoes.db \
    SHOES_WEB_HOST=0.0.0.0 \
    SHOES_WEB_PORT=8787

# By number, so that a cluster can see that it is not root.
USER 10001
# What is made at the first start (the secret key) is looked for beside the database.
WORKDIR /data
VOLUME /data
EXPOSE 8787

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8787/readyz', timeout=4)"]

CMD ["shoes", "run"]
